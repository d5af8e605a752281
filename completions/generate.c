/* SPDX-License-Identifier: MIT */
/*
 * generate bash|zsh|fish|options: writes the completions of a shell, out of the
 * command's table of options and the library's names of types and classes; or
 * the options alone, one a line.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/option.h"

static void print_bash(void);
static void print_zsh(void);
static void print_fish(void);
static void print_options(void);

int main(int argc, char **argv)
{
	static const struct {
		const char *word;
		void (*print)(void);
	} shells[] = { { "bash", print_bash }, { "zsh", print_zsh },
		{ "fish", print_fish }, { "options", print_options } };
	size_t i;

	for (i = 0; argc == 2 && i < sizeof(shells) / sizeof(shells[0]); i++)
		if (strcmp(argv[1], shells[i].word) == 0) {
			shells[i].print();
			return fflush(stdout) == 0 ? 0 : 1;
		}
	fprintf(stderr, "usage: generate bash|zsh|fish|options\n");
	return 2;
}

/*
 * What there is
 */

/* A way to write an option: with its "no" or without, with a value or without. */
struct spelling {
	const struct tw_option *option;
	const char *name; /* or alias */
	bool is_no;
	bool has_value;
};
typedef void print_spelling(const struct spelling *spelling);

static void each_spelling_of(
	const struct tw_option *option, const char *name, print_spelling *print)
{
	struct spelling spelling = { option, name, false, false };

	if (name[0] == '-' || option->kind == TW_SWITCH ||
		option->kind == TW_MAYBE_NUMBER ||
		option->kind == TW_MAYBE_TEXT)
		print(&spelling);
	if (name[0] == '-')
		return;
	spelling.has_value = option->kind != TW_SWITCH;
	if (spelling.has_value)
		print(&spelling);
	spelling.has_value = false;
	spelling.is_no = true;
	if (!option->always_on)
		print(&spelling);
}

/* Whether the text of a row is whole: C says nothing where its NUL has no
 * room. */
static void check_row(const struct tw_option *option)
{
	if (memchr(option->name, '\0', sizeof(option->name)) &&
		memchr(option->alias, '\0', sizeof(option->alias)))
		return;
	fprintf(stderr, "generate: the row of %.17s is too long\n",
		option->name);
	exit(1);
}

/* Those of --help: what is passed over or refused is not to be completed. */
static void each_spelling(print_spelling *print)
{
	const struct tw_option *option;

	for (option = tw_option_table; option->name[0]; option++) {
		check_row(option);
		if (!tw_option_help(option)[0])
			continue;
		each_spelling_of(option, option->name, print);
		if (option->alias[0])
			each_spelling_of(option, option->alias, print);
	}
}

static void print_word(const struct spelling *spelling)
{
	printf("%c%s%s%s", spelling->name[0], spelling->is_no ? "no" : "",
		spelling->name + 1, spelling->has_value ? "=" : "");
}

static void print_line(const struct spelling *spelling)
{
	print_word(spelling);
	printf("\n");
}

static void print_options(void)
{
	each_spelling(print_line);
}

/* Names of codes that have one, between blanks. */
static void print_names(enum trowel_registry registry, const char *unknown)
{
	char name[TROWEL_CODE_TEXT_SIZE];
	unsigned code;

	for (code = 1; code <= 65535; code++) {
		trowel_code_format(registry, (uint16_t)code, name);
		if (strncmp(name, unknown, strlen(unknown)) != 0)
			printf(" %s", name);
	}
}

/* Help between quotes, of which it may have some itself. */
static void print_quoted(const char *text, const char *quote)
{
	for (; *text; text++)
		if (*text == '\'')
			printf("%s", quote);
		else
			printf("%c", *text);
}

/*
 * bash
 */

static void print_bash_word(const struct spelling *spelling)
{
	printf("\t\t");
	print_word(spelling);
	printf("\n");
}

static void print_bash(void)
{
	printf("# SPDX-License-Identifier: MIT\n"
	       "# Completions of trowel(1) for bash: generated, see Makefile.am\n"
	       "\n"
	       "_trowel()\n"
	       "{\n"
	       "\tlocal word=${COMP_WORDS[COMP_CWORD]}\n"
	       "\tlocal before=${COMP_WORDS[COMP_CWORD - 1]}\n"
	       "\tlocal types classes options\n"
	       "\n"
	       "\ttypes='");
	print_names(TROWEL_TYPES, "TYPE");
	printf("'\n\tclasses='");
	print_names(TROWEL_CLASSES, "CLASS");
	printf("'\n\toptions='\n");
	each_spelling(print_bash_word);
	printf("\t'\n"
	       "\tCOMPREPLY=()\n"
	       "\tcase $before in\n"
	       "\t-t) COMPREPLY=($(compgen -W \"$types\" -- \"${word^^}\")) ;;\n"
	       "\t-c) COMPREPLY=($(compgen -W \"$classes\" -- \"${word^^}\")) ;;\n"
	       "\t-f | -k | --decode) compopt -o filenames\n"
	       "\t\tCOMPREPLY=($(compgen -f -- \"$word\")) ;;\n"
	       "\t-b | -p | -q | -x | -y | =) ;;\n"
	       "\t@) COMPREPLY=($(compgen -A hostname -W mdns -- \"$word\")) ;;\n"
	       "\t*)\n"
	       "\t\tcase $word in\n"
	       "\t\t@) COMPREPLY=($(compgen -A hostname -W mdns)) ;;\n"
	       "\t\t[+-]*) COMPREPLY=($(compgen -W \"$options\" -- \"${word,,}\")) ;;\n"
	       "\t\t*) COMPREPLY=($(compgen -W \"$types\" -- \"${word^^}\")) ;;\n"
	       "\t\tesac\n"
	       "\tesac\n"
	       "\t[[ ${COMPREPLY[0]-} != *= ]] || compopt -o nospace\n"
	       "} &&\n"
	       "\tcomplete -F _trowel trowel\n");
}

/*
 * zsh
 */

static bool is_valued; /* which of them are being printed */

static void print_zsh_word(const struct spelling *spelling)
{
	if (spelling->has_value != is_valued)
		return;
	printf("\t'");
	print_word(spelling);
	printf(":%s", spelling->is_no ? "not: " : "");
	print_quoted(tw_option_help(spelling->option), "'\\''");
	printf("'\n");
}

static void print_zsh(void)
{
	printf("#compdef trowel\n"
	       "# SPDX-License-Identifier: MIT\n"
	       "# Completions of trowel(1) for zsh: generated, see Makefile.am\n"
	       "\n"
	       "local -a types classes options valued\n"
	       "\n"
	       "types=(");
	print_names(TROWEL_TYPES, "TYPE");
	printf(")\nclasses=(");
	print_names(TROWEL_CLASSES, "CLASS");
	printf(")\noptions=(\n");
	is_valued = false;
	each_spelling(print_zsh_word);
	printf(")\nvalued=(\n");
	is_valued = true;
	each_spelling(print_zsh_word);
	printf(")\n"
	       "\n"
	       "case $words[CURRENT-1] in\n"
	       "-t) compadd -M 'm:{a-z}={A-Z}' -- $types; return ;;\n"
	       "-c) compadd -M 'm:{a-z}={A-Z}' -- $classes; return ;;\n"
	       "-f | -k | --decode) _files; return ;;\n"
	       "-b | -p | -q | -x | -y) return 1 ;;\n"
	       "esac\n"
	       "case $PREFIX in\n"
	       "[+-]*) _describe -o option options -- valued -S '' ;;\n"
	       "@*) compset -P @ && { compadd mdns; _hosts } ;;\n"
	       "*) compadd -M 'm:{a-z}={A-Z}' -- $types; _hosts ;;\n"
	       "esac\n");
}

/*
 * fish
 */

static void print_fish_values(const struct tw_option *option)
{
	switch (option->name[1]) {
	case 't':
		printf(" -x -a '");
		print_names(TROWEL_TYPES, "TYPE");
		printf("'");
		break;
	case 'c':
		printf(" -x -a '");
		print_names(TROWEL_CLASSES, "CLASS");
		printf("'");
		break;
	case 'f':
	case 'k':
		printf(" -r -F");
		break;
	default:
		if (option->kind != TW_SWITCH)
			printf(" -x");
	}
}

static void print_fish_word(const struct spelling *spelling)
{
	const char *name = spelling->name;

	printf("complete -c trowel ");
	if (name[0] == '+') {
		printf("-n __trowel_plus -a '");
		print_word(spelling);
		printf("'");
	} else if (name[1] == '-') {
		printf("-l %s%s", name + 2,
			strcmp(name, "--decode") == 0 ? " -r -F" : "");
	} else {
		printf("-s %s", name + 1);
		print_fish_values(spelling->option);
	}
	printf(" -d '%s", spelling->is_no ? "not: " : "");
	print_quoted(tw_option_help(spelling->option), "\\'");
	printf("'\n");
}

static void print_fish(void)
{
	printf("# SPDX-License-Identifier: MIT\n"
	       "# Completions of trowel(1) for fish: generated, see Makefile.am\n"
	       "\n"
	       "function __trowel_plus\n"
	       "\tstring match -q -- '+*' (commandline -ct)\n"
	       "end\n"
	       "complete -c trowel -f\n"
	       "complete -c trowel -n 'not __trowel_plus' -a '");
	print_names(TROWEL_TYPES, "TYPE");
	printf("'\n");
	each_spelling(print_fish_word);
}
