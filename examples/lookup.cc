/* SPDX-License-Identifier: MIT */
/* lookup HOST [RESOLV.CONF], in C++: what owns is released by itself, and what
 * fails is thrown. A class for the rest of the calls goes the same way. */
#include <iostream>
#include <memory>
#include <stdexcept>
#include <string>
#include <trowel/resolver.h>

class Resolver
{
      public:
	using Answer =
		std::unique_ptr<trowel_answer, decltype(&trowel_answer_free)>;
	using List = std::unique_ptr<trowel_list, decltype(&trowel_list_free)>;

	explicit Resolver(const char *path = nullptr)
	    : context(nullptr, trowel_close)
	{
		trowel_options options;
		trowel *t;

		trowel_options_init(&options);
		check(trowel_options_load(&options, path));
		check(trowel_open(&t, &options));
		context.reset(t);
	}

	Answer query(const std::string &name, uint16_t type)
	{
		trowel_answer *answer = nullptr;
		trowel_status status = trowel_query(
			context.get(), name.c_str(), type, nullptr, &answer);
		Answer owned(answer, trowel_answer_free);

		check(status);
		return owned;
	}

	List addresses(const std::string &host, unsigned flags = 0)
	{
		trowel_list *list = nullptr;
		trowel_status status = trowel_addresses(context.get(),
			host.c_str(), nullptr, flags, nullptr, &list);
		List owned(list, trowel_list_free);

		check(status);
		return owned;
	}

      private:
	std::unique_ptr<trowel, decltype(&trowel_close)> context;

	static void check(trowel_status status)
	{
		if (status != TROWEL_OK)
			throw std::runtime_error(trowel_status_text(status));
	}
};

int main(int argc, char **argv)
try {
	Resolver resolver(argc > 2 ? argv[2] : nullptr);
	Resolver::List list = resolver.addresses(argc > 1 ? argv[1] : "");
	char text[TROWEL_ADDRESS_TEXT_SIZE];

	for (size_t i = 0; i < list->count; i++) {
		trowel_address_format(&list->addresses[i], text);
		std::cout << text << '\n';
	}
} catch (const std::exception &error) {
	std::cerr << error.what() << '\n';
	return 1;
}
