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
#define RULES_MAX 80

static const uint16_t allowed[] = {
#ifdef SYS_poll
	SYS_poll, SYS_epoll_wait,
#endif
	SYS_sendto, SYS_recvmsg, SYS_recvfrom, SYS_write, SYS_read, SYS_close,
	SYS_socket, SYS_connect, SYS_bind, SYS_setsockopt, SYS_getsockopt,
	SYS_getsockname, SYS_getpeername, SYS_shutdown, SYS_sendmsg,
	SYS_sendmmsg, SYS_recvmmsg, SYS_ppoll, SYS_epoll_create1, SYS_epoll_ctl,
	SYS_epoll_pwait, SYS_timerfd_create, SYS_timerfd_settime,
	SYS_clock_gettime, SYS_clock_nanosleep, SYS_gettimeofday, SYS_getrandom,
	SYS_getpid, SYS_brk, SYS_mmap, SYS_munmap, SYS_mremap, SYS_mprotect,
	SYS_madvise, SYS_futex, SYS_fcntl, SYS_fstat, SYS_newfstatat, SYS_lseek,
	SYS_writev, SYS_ioctl, SYS_rt_sigaction, SYS_rt_sigprocmask,
	SYS_rt_sigreturn, SYS_restart_syscall, SYS_gettid, SYS_tgkill, SYS_exit,
	SYS_exit_group
};

static const uint16_t deadly[] = {
#ifdef SYS_open
	SYS_open, SYS_creat, SYS_fork, SYS_vfork,
#endif
	SYS_openat, SYS_execve, SYS_execveat, SYS_clone, SYS_ptrace
};

/* The rules end with what happens: all else, death, leave. */
struct program {
	struct sock_filter rules[RULES_MAX];
	uint8_t length, death, leave;
};

static void put(struct program *program, unsigned code, uint32_t value,
	unsigned if_true, unsigned if_false)
{
	program->rules[program->length++] =
		(struct sock_filter){ .code = (uint16_t)code,
			.jt = (uint8_t)if_true,
			.jf = (uint8_t)if_false,
			.k = value };
}

/* Goes to one of the last rules where a call is one of these. */
static void put_calls(struct program *program, const uint16_t *calls,
	size_t count, unsigned target)
{
	for (size_t i = 0; i < count; i++)
		put(program, BPF_JMP | BPF_JEQ | BPF_K, calls[i],
			target - program->length - 1, 0);
}

static void put_load(struct program *program, uint32_t at)
{
	put(program, BPF_LD | BPF_W | BPF_ABS, at, 0, 0);
}

static void write_program(struct program *program, bool reads_files)
{
	program->length = 0;
	program->leave = COUNT(allowed) + COUNT(deadly) + 6;
	if (reads_files)
		program->leave += 3;
	program->death = program->leave - 1;
	/* Means nothing, but that Linux does not try all calls in advance: that
	 * would take it longer than the lookup. */
	put(program, BPF_MISC | BPF_TAX, 0, 0, 0);
	put_load(program, FIELD(arch));
	put(program, BPF_JMP | BPF_JEQ | BPF_K, MACHINE, 0,
		program->death - 3u);
	put_load(program, FIELD(nr));
	put_calls(program, allowed, COUNT(allowed), program->leave);
	if (reads_files) {
		put(program, BPF_JMP | BPF_JEQ | BPF_K, SYS_openat, 0, 2);
		put_load(program, FIELD(args[2]));
		put(program, BPF_JMP | BPF_JSET | BPF_K,
			O_ACCMODE | O_CREAT | O_TRUNC,
			program->death - program->length - 1u,
			program->leave - program->length - 1u);
	}
	put_calls(program, deadly, COUNT(deadly), program->death);
	put(program, BPF_RET | BPF_K, SECCOMP_RET_ERRNO | EPERM, 0, 0);
	put(program, BPF_RET | BPF_K, SECCOMP_RET_KILL_PROCESS, 0, 0);
	put(program, BPF_RET | BPF_K, SECCOMP_RET_ALLOW, 0, 0);
}

void tw_sandbox_enter(bool reads_files)
{
	struct program program;
	struct sock_fprog filter = { .filter = program.rules };

	if (getenv("LD_PRELOAD"))
		return;
	write_program(&program, reads_files);
	filter.len = program.length;
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
