/* SPDX-License-Identifier: MIT */
/*
 * What a hostile answer could make of a fault in this program is bounded by
 * what the kernel lets the program do. On Linux that is a filter of system
 * calls; on OpenBSD, pledge().
 */
#include "cli/sandbox.h"

#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <unistd.h>

#include "config.h"

#if defined(SANDBOX) && defined(HAVE_LINUX_SECCOMP_H)

#include <errno.h>
#include <fcntl.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sys/prctl.h>
#include <sys/syscall.h>

/* Elsewhere system calls have other names, or come several in one. */
#if defined(__x86_64__) && !defined(__ILP32__)
#define MACHINE AUDIT_ARCH_X86_64
#elif defined(__aarch64__) && defined(__AARCH64EL__)
#define MACHINE AUDIT_ARCH_AARCH64
#endif

#endif

#ifdef MACHINE

#define COUNT(array) (sizeof(array) / sizeof(*(array)))
#define FIELD(name) ((uint32_t)offsetof(struct seccomp_data, name))
#define WORDS 11 /* of 32 calls each: Linux knew no more when it got seccomp */
#define RULES_MAX (WORDS * 4 + 18)

static const uint16_t allowed[] = {
#ifdef SYS_poll
	SYS_poll, SYS_epoll_wait,
#endif
#ifdef SYS_nanosleep
	SYS_nanosleep,
#endif
	SYS_sendto, SYS_recvmsg, SYS_recvfrom, SYS_write, SYS_read, SYS_close,
	SYS_socket, SYS_connect, SYS_bind, SYS_setsockopt, SYS_getsockopt,
	SYS_getsockname, SYS_getpeername, SYS_shutdown, SYS_sendmsg,
	SYS_sendmmsg, SYS_recvmmsg, SYS_ppoll, SYS_epoll_create1, SYS_epoll_ctl,
	SYS_epoll_pwait, SYS_timerfd_create, SYS_timerfd_settime,
	SYS_clock_gettime, SYS_clock_nanosleep, SYS_getrandom, SYS_getpid,
	SYS_brk, SYS_mmap, SYS_munmap, SYS_mremap, SYS_mprotect, SYS_madvise,
	SYS_futex, SYS_fcntl, SYS_fstat, SYS_newfstatat, SYS_lseek,
	SYS_ftruncate, SYS_writev, SYS_ioctl, SYS_rt_sigaction,
	SYS_rt_sigprocmask, SYS_rt_sigreturn, SYS_restart_syscall, SYS_tgkill,
	SYS_exit, SYS_exit_group
};

static const uint16_t deadly[] = {
#ifdef SYS_open
	SYS_open, SYS_fork, SYS_vfork,
#endif
	SYS_openat, SYS_execve, SYS_execveat, SYS_clone
};

/* Written from the end, as jumps go forwards: the last rules are what happens,
 * and each rule before knows where it goes to. */
struct program {
	struct sock_filter rules[RULES_MAX];
	uint8_t start;
};

enum { LEAVE = RULES_MAX - 1, DEATH = RULES_MAX - 2, REFUSAL = RULES_MAX - 3 };

static void put(struct program *program, unsigned code, uint32_t value)
{
	program->rules[--program->start] =
		(struct sock_filter){ .code = (uint16_t)code, .k = value };
}

/* To one of two rules, by the test of this kind. */
static void put_jump(struct program *program, unsigned kind, uint32_t value,
	unsigned if_true, unsigned if_false)
{
	put(program, BPF_JMP | BPF_K | kind, value);
	program->rules[program->start].jt =
		(uint8_t)(if_true - program->start - 1);
	program->rules[program->start].jf =
		(uint8_t)(if_false - program->start - 1);
}

/* Of the calls with numbers from 32 * word on, a bit each. */
static uint32_t bits_of(const uint16_t *calls, size_t count, size_t word)
{
	uint32_t bits = 0;

	for (size_t i = 0; i < count; i++)
		if (calls[i] / 32 == word)
			bits |= (uint32_t)1 << calls[i] % 32;
	return bits;
}

/* Where the call is of this word: X is its bit. */
static void put_word(struct program *program, size_t word)
{
	uint32_t good = bits_of(allowed, COUNT(allowed), word);
	uint32_t bad = bits_of(deadly, COUNT(deadly), word);
	unsigned next = program->start, other = REFUSAL;

	if (bad) {
		put_jump(program, BPF_JSET, bad, DEATH, REFUSAL);
		other = program->start;
	}
	if (good)
		put_jump(program, BPF_JSET, good, LEAVE, other);
	if (!good && !bad)
		return;
	put(program, BPF_MISC | BPF_TXA, 0);
	put_jump(program, BPF_JEQ, (uint32_t)word, program->start, next);
}

static void write_program(struct program *program, bool reads_files)
{
	program->start = RULES_MAX;
	put(program, BPF_RET | BPF_K, SECCOMP_RET_ALLOW);
	put(program, BPF_RET | BPF_K, SECCOMP_RET_KILL_PROCESS);
	put(program, BPF_RET | BPF_K, SECCOMP_RET_ERRNO | EPERM);
	for (size_t word = WORDS; word-- > 0;)
		put_word(program, word);
	put(program, BPF_ALU | BPF_RSH | BPF_K, 5);
	put(program, BPF_LD | BPF_W | BPF_ABS, FIELD(nr));
	put(program, BPF_MISC | BPF_TAX, 0);
	put(program, BPF_ALU | BPF_LSH | BPF_X, 0);
	put(program, BPF_LD | BPF_W | BPF_IMM, 1);
	put(program, BPF_MISC | BPF_TAX, 0);
	put(program, BPF_ALU | BPF_AND | BPF_K, 31);
	if (reads_files) {
		unsigned next = program->start;

		put_jump(program, BPF_JSET, O_ACCMODE | O_CREAT | O_TRUNC,
			DEATH, LEAVE);
		put(program, BPF_LD | BPF_W | BPF_ABS, FIELD(args[2]));
		put_jump(program, BPF_JEQ, SYS_openat, program->start, next);
	}
	put(program, BPF_LD | BPF_W | BPF_ABS, FIELD(nr));
	put_jump(program, BPF_JEQ, MACHINE, program->start, DEATH);
	put(program, BPF_LD | BPF_W | BPF_ABS, FIELD(arch));
	/* Means nothing, but that Linux does not try all calls in advance: that
	 * would take it longer than the lookup. */
	put(program, BPF_MISC | BPF_TAX, 0);
}

void tw_sandbox_enter(bool reads_files)
{
	struct program program;
	struct sock_fprog filter;

	if (getenv("LD_PRELOAD"))
		return;
	write_program(&program, reads_files);
	filter.filter = program.rules + program.start;
	filter.len = (unsigned short)(RULES_MAX - program.start);
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0)
		(void)prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &filter);
}

#elif defined(SANDBOX) && defined(HAVE_PLEDGE)

void tw_sandbox_enter(bool reads_files)
{
	/* Random octets come from a file where there is no getrandom(). */
	(void)reads_files;
	(void)pledge("stdio inet rpath", NULL);
}

#else

void tw_sandbox_enter(bool reads_files)
{
	(void)reads_files;
}

#endif
