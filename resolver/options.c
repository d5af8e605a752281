/* SPDX-License-Identifier: MIT */
/* Options out of files and the environment. */
#include <config.h>

#include "resolver/options.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "resolver/conf.h"
#include "resolver/file.h"

#define FILE_MAX 1048576 /* octets of a configuration file that are read */
#define HOST_NAME_SIZE 256

static void take_resolv_conf(
	struct trowel_options *options, const char *text, size_t length);
static void take_local_domain(struct trowel_options *options);
static void take_environment(struct trowel_options *options);
static const char *find_variable(const char *name);

enum trowel_status trowel_options_load(
	struct trowel_options *options, const char *path)
{
	char *text;
	size_t length;
	enum trowel_status status;

	if (path == NULL)
		path = "/etc/resolv.conf";
	status = tw_file_read(path, FILE_MAX, &text, &length);
	if (status != TROWEL_OK)
		return status;
	options->path = path;
	take_resolv_conf(options, text, length);
	free(text);
	/* What cannot be read says nothing. */
	if (tw_file_read("/etc/nsswitch.conf", FILE_MAX, &text, &length) ==
		TROWEL_OK)
		tw_conf_sources(options, text, length);
	free(text);
	return TROWEL_OK;
}

bool tw_options_reload(struct trowel_options *options, uint64_t *state)
{
	uint64_t before = *state;
	char *text;
	size_t length;

	if (options->path == NULL)
		return false;
	*state = tw_file_state(options->path);
	if (before == 0 || *state == before)
		return false;
	tw_file_read(options->path, FILE_MAX, &text, &length);
	if (text == NULL)
		return false;
	tw_conf_reset(options);
	take_resolv_conf(options, text, length);
	free(text);
	return true;
}

static void take_resolv_conf(
	struct trowel_options *options, const char *text, size_t length)
{
	static const struct trowel_address local = { .family = 4,
		.octets = { 127, 0, 0, 1 } };

	if (options->search_length == 0)
		take_local_domain(options);
	tw_conf_parse(options, text, length);
	take_environment(options);
	if (options->server_count == 0)
		options->servers[options->server_count++] = local;
}

/* resolv.conf(5): where no line says otherwise, the search list is the host's
 * own domain. */
static void take_local_domain(struct trowel_options *options)
{
	char name[HOST_NAME_SIZE];
	const char *dot = name;

	if (gethostname(name, sizeof(name)) != 0)
		return;
	name[sizeof(name) - 1] = '\0';
	while (*dot != '\0' && *dot != '.')
		dot++;
	if (*dot == '.')
		tw_conf_search(options, dot + 1, strlen(dot + 1));
}

static void take_environment(struct trowel_options *options)
{
	const char *search = find_variable("LOCALDOMAIN");
	const char *more = find_variable("RES_OPTIONS");

	if (search != NULL) {
		options->search_length = 0;
		tw_conf_search(options, search, strlen(search));
	}
	if (more != NULL)
		tw_conf_options(options, more, strlen(more));
}

/* Who runs a program with more rights than his own must not choose whom it
 * asks. */
static const char *find_variable(const char *name)
{
#ifdef HAVE_SECURE_GETENV
	return secure_getenv(name);
#else
	if (getuid() != geteuid() || getgid() != getegid())
		return NULL;
	return getenv(name);
#endif
}
