/* SPDX-License-Identifier: MIT */
/*
 * A program that knows nothing of trowel, for tests/nss.sh.
 *	nss_client HOST		what getaddrinfo() gives: addresses, or an error
 *	nss_client -b HOST	what the module gives for buffers of each size
 */
#include <config.h>

#include <dlfcn.h>
#include <errno.h>
#include <netdb.h>
#include <nss.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#define LARGEST 4096
#define GUARD 0x5A

static int print_addresses(const char *host);
static int try_buffers(const char *host);
static void *find(const char *name);
static enum nss_status try_tuples(
	const char *host, char *buffer, size_t size, int *error);
static enum nss_status try_host(
	const char *host, char *buffer, size_t size, int *error);
static const char *text_of(int error);

int main(int argc, char **argv)
{
	if (argc == 3 && strcmp(argv[1], "-b") == 0)
		return try_buffers(argv[2]);
	return argc == 2 ? print_addresses(argv[1]) : 2;
}

static int print_addresses(const char *host)
{
	struct addrinfo hints = { .ai_socktype = SOCK_STREAM,
		.ai_flags = AI_CANONNAME };
	struct addrinfo *all;
	int error = getaddrinfo(host, NULL, &hints, &all);

	if (error != 0) {
		puts(text_of(error));
		return 0;
	}
	printf("%s", all->ai_canonname);
	for (struct addrinfo *one = all; one != NULL; one = one->ai_next) {
		char text[NI_MAXHOST];

		getnameinfo(one->ai_addr, one->ai_addrlen, text, sizeof(text),
			NULL, 0, NI_NUMERICHOST);
		printf(" %s", text);
	}
	printf("\n");
	freeaddrinfo(all);
	return 0;
}

static const char *text_of(int error)
{
	switch (error) {
	case EAI_AGAIN:
		return "EAI_AGAIN";
	case EAI_NONAME:
		return "EAI_NONAME";
	case EAI_NODATA:
		return "EAI_NODATA";
	default:
		return gai_strerror(error);
	}
}

/* Too small a buffer is ERANGE and nothing else, no octet behind it is touched,
 * and from some size on it is large enough. */
static int try_buffers(const char *host)
{
	static enum nss_status (*const tries[])(
		const char *, char *, size_t, int *) = { try_tuples, try_host };
	char *buffer = malloc(LARGEST + 1);

	for (size_t i = 0; i < 2; i++) {
		enum nss_status status = NSS_STATUS_TRYAGAIN;
		size_t size = 0;

		for (; size <= LARGEST && status != NSS_STATUS_SUCCESS;
			size++) {
			int error = 0;

			buffer[size] = GUARD;
			status = tries[i](host, buffer, size, &error);
			if (buffer[size] != GUARD)
				puts("an octet behind the buffer is lost");
			if (status != NSS_STATUS_SUCCESS &&
				(status != NSS_STATUS_TRYAGAIN ||
					error != ERANGE))
				puts("not ERANGE");
		}
		printf("%s %s\n", i == 0 ? "tuples" : "host",
			size > 16 && size < 512 ? "good" : "not so good");
	}
	free(buffer);
	return 0;
}

static void *find(const char *name)
{
	static void *module;
	void *symbol = NULL;

	if (module == NULL)
		module = dlopen("libnss_trowel.so.2", RTLD_NOW);
	if (module != NULL)
		symbol = dlsym(module, name);
	if (symbol == NULL) {
		puts(dlerror());
		exit(1);
	}
	return symbol;
}

static enum nss_status try_tuples(
	const char *host, char *buffer, size_t size, int *error)
{
	nss_gethostbyname4_r *call = __extension__(nss_gethostbyname4_r *)
		find("_nss_trowel_gethostbyname4_r");
	struct gaih_addrtuple *tuple = NULL;
	int h_error;
	int32_t ttl_s;

	return call(host, &tuple, buffer, size, error, &h_error, &ttl_s);
}

static enum nss_status try_host(
	const char *host, char *buffer, size_t size, int *error)
{
	nss_gethostbyname3_r *call = __extension__(nss_gethostbyname3_r *)
		find("_nss_trowel_gethostbyname3_r");
	struct hostent result;
	int h_error;
	int32_t ttl_s;
	char *canonical;

	return call(host, AF_INET, &result, buffer, size, error, &h_error,
		&ttl_s, &canonical);
}
