/* SPDX-License-Identifier: MIT */
/* Bulk mode, as its parts see it. */
#ifndef TW_BULK_STATE_H
#define TW_BULK_STATE_H

#include "cli/bulk_checkpoint.h"
#include "cli/bulk_input.h"
#include "cli/bulk_output.h"
#include "cli/bulk_pool.h"
#include "cli/bulk_sockets.h"
#include "cli/bulk_tally.h"
#include "cli/bulk_wheel.h"
#include "cli/bulk_window.h"
#include "cli/job.h"

/* A server, and the lookups that are to ask it again. */
struct tw_bulk_server {
	struct tw_window window;
	uint32_t in_flight; /* queries that are waited for */
	uint32_t first; /* of the queue, or TW_WHEEL_NONE */
	uint32_t last;
	uint32_t wait_us; /* for its first reply */
	int error; /* errno of what ICMP said last, until it answers */
};

/* A query but for its id and name, which is the root there. */
struct tw_bulk_form {
	uint8_t octets[TW_BULK_QUERY_SIZE];
	size_t length;
};

struct tw_bulk {
	const struct tw_bulk_options *options;
	const char *file; /* of the input; NULL: standard input */
	struct tw_job *job; /* what is asked, but for the names; and of whom */
	uint64_t now_us;
	struct trowel_health health[TROWEL_SERVERS_MAX];
	struct tw_bulk_server servers[TROWEL_SERVERS_MAX];
	uint8_t server_count;
	uint8_t turn; /* the server that new lookups begin with */
	uint8_t tries_most; /* of a lookup */
	bool is_by_tcp; /* all of it */
	bool has_opt; /* queries have one, */
	bool may_drop_opt; /* but for servers that cannot do with it */
	bool is_mixed; /* letters are in random case: 0x20 */
	uint32_t window; /* the most of all windows together */
	uint32_t shard; /* of so many, the lines of this one, from 0 */
	uint32_t shards;
	uint64_t written_us; /* when output was written last */
	uint64_t saved_us; /* likewise the checkpoint */
	uint64_t shown_us; /* likewise the progress, */
	bool has_progress; /* which there is on a terminal alone */
	bool is_shown;
	struct tw_checkpoint checkpoint; /* of the run before */
	struct tw_wheel wheel;
	struct tw_bulk_pool pool;
	struct tw_bulk_sockets sockets;
	struct trowel *trowel; /* for TCP, once it is needed */
	uint32_t tcp_count; /* lookups on their way there */
	uint64_t asked; /* lookups begun */
	int exit; /* what ends it all, or 0 */
	struct tw_bulk_output output;
	struct tw_tally tally;
	unsigned random_left;
	uint8_t random[256]; /* each octet is used once */
	struct tw_bulk_form forms[2]; /* without an OPT, and with one */
	struct iovec packets[TW_BULK_QUERIES];
	uint8_t queries[TW_BULK_QUERIES * TW_BULK_QUERY_SIZE];
	struct tw_bulk_input input;
};

/* --- bulk_ask.c: queries --- */

/* Gets ready to write queries. Returns 0, or says what is wrong and returns the
 * exit status. */
int tw_bulk_ask_init(struct tw_bulk *bulk);

/* Sends a server what is to be sent to it: lookups from its queue, and then new
 * ones where `takes_new`. Returns how many. */
unsigned tw_bulk_ask(struct tw_bulk *bulk, uint8_t server, bool takes_new);

/* Asks a server beside, which had failed, to see whether it is back. */
void tw_bulk_probe(
	struct tw_bulk *bulk, struct tw_bulk_lookup *lookup, uint8_t server);

/* Puts a lookup into the queue of its target, and takes it out again. */
void tw_bulk_queue(struct tw_bulk *bulk, struct tw_bulk_lookup *lookup);
void tw_bulk_unqueue(struct tw_bulk *bulk, struct tw_bulk_lookup *lookup);

/* Sees to what is due. */
void tw_bulk_expire(struct tw_bulk *bulk);

/* --- bulk.c: lines --- */

/* The next question as a lookup; NULL: there is none now. */
struct tw_bulk_lookup *tw_bulk_next_lookup(struct tw_bulk *bulk);

/* Says that the input cannot be read, and returns the exit status. */
int tw_bulk_refuse_input(const struct tw_bulk *bulk, int error);

/* --- bulk_loop.c --- */

/* From now on, SIGINT and SIGTERM let what is on its way come to its end. */
void tw_bulk_catch_signals(void);
bool tw_bulk_is_stopped(void);

/* Asks for all there is, or up to the first failure: bulk->exit. */
void tw_bulk_run(struct tw_bulk *bulk);

/* --- bulk_rules.c: what comes of replies --- */

/* A datagram from a socket. */
void tw_bulk_take(struct tw_bulk *bulk, uint16_t socket, const uint8_t *octets,
	size_t length, bool cut);

/* A message by TCP, and its try; NULL: none came, for the reason `status`. */
void tw_bulk_take_stream(struct tw_bulk *bulk, struct tw_bulk_lookup *lookup,
	const struct trowel_message *message, enum trowel_status status);

/* --- bulk_turns.c: who is asked next, and the end --- */

/* A try has had its reply, or what else became of it. */
void tw_bulk_end_try(struct tw_bulk *bulk, struct tw_bulk_lookup *lookup,
	struct tw_bulk_try *try, enum trowel_outcome outcome);

/* Asks the next server, by whatever way is due, if there is one. */
void tw_bulk_ask_again(struct tw_bulk *bulk, struct tw_bulk_lookup *lookup);

/* Asks the target, once more or by TCP. */
void tw_bulk_repeat(struct tw_bulk *bulk, struct tw_bulk_lookup *lookup);
void tw_bulk_ask_by_tcp(struct tw_bulk *bulk, struct tw_bulk_lookup *lookup);

/* The lookup ends with a message and its try; without one, NULL, with a status.
 * It is no more after that. */
void tw_bulk_finish(struct tw_bulk *bulk, struct tw_bulk_lookup *lookup,
	const struct trowel_message *message, uint8_t index,
	enum trowel_status status);

/* The newest try has had its time. */
void tw_bulk_time_out(struct tw_bulk *bulk, struct tw_bulk_lookup *lookup);

/* A socket says that its server cannot be reached. */
void tw_bulk_unreachable(struct tw_bulk *bulk, uint16_t socket, int error);

/* --- bulk_report.c --- */

/* Says what will be asked of whom. */
void tw_bulk_announce(struct tw_bulk *bulk);

/* A line that says how far it is, and away with it. */
void tw_bulk_show_progress(struct tw_bulk *bulk);
void tw_bulk_hide_progress(struct tw_bulk *bulk);

/* Says what has come of it all. */
void tw_bulk_summarize(struct tw_bulk *bulk);

/* Writes the file of --stats. Returns 0, or says what is wrong and returns the
 * exit status. */
int tw_bulk_write_stats(const struct tw_bulk *bulk);

/* --- bulk_files.c: checkpoints and outputs --- */

/* Opens the outputs, and goes back to where the checkpoint says. Return 0, or
 * say what is wrong and return the exit status. */
int tw_bulk_open_outputs(struct tw_bulk *bulk);

/* Writes what there is; and a checkpoint, where one is wanted. */
int tw_bulk_write(struct tw_bulk *bulk);
int tw_bulk_save(struct tw_bulk *bulk);

/* --- bulk_tcp.c --- */

/* Asks its target by TCP, or any server where all is by TCP. False: it cannot. */
bool tw_bulk_tcp_start(struct tw_bulk *bulk, struct tw_bulk_lookup *lookup);

/* Does what there is to do for those lookups. */
void tw_bulk_tcp_next(struct tw_bulk *bulk);

/* --- bulk_print.c --- */

/* Writes the result of a lookup; NULL for `message`: there is none. */
void tw_bulk_print(struct tw_bulk *bulk, struct tw_bulk_lookup *lookup,
	const struct trowel_message *message, uint8_t index,
	enum trowel_status status);

#endif
