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

/* Passed for each name, and called from elsewhere as well. */
#ifdef __GNUC__
#define TW_BULK_INLINE static inline __attribute__((always_inline))
#else
#define TW_BULK_INLINE static inline
#endif

#define TW_BULK_RANDOM 128
#define TW_BULK_BEHIND 48 /* octets that are copied for simplicity's sake */

/* A server, and the lookups that are to ask it again. */
struct tw_bulk_server {
	struct tw_window window;
	uint32_t in_flight; /* queries that are waited for */
	uint32_t first; /* of the queue, or TW_WHEEL_NONE */
	uint32_t last;
	uint32_t wait_us; /* for its first reply */
	uint64_t heard_us; /* when the newest query went that it answered */
	int error; /* errno of what ICMP said last, until it answers */
	bool takes_opt; /* of any lookup that does not know better */
};

/* A query but for its id and name, which is the root there. */
struct tw_bulk_form {
	uint8_t octets[TW_BULK_QUERY_SIZE + TW_BULK_BEHIND];
	size_t length;
};

/* What is used for each query stands first. */
struct tw_bulk {
	uint64_t now_us;
	struct tw_bulk_pool pool;
	struct tw_job *job; /* what is asked, but for the names; and of whom */
	int exit; /* what ends it all, or 0 */
	unsigned random_left;
	uint64_t asked; /* lookups begun */
	uint64_t deadline_us; /* of a lookup */
	uint64_t timeout_us; /* of a try; 0: as the server needs */
	uint32_t shard; /* of so many, the lines of this one, from 0 */
	uint32_t shards;
	uint8_t server_count;
	uint8_t turn; /* the server that new lookups begin with */
	uint8_t tries_most; /* of a lookup */
	uint8_t response; /* QR and OPCODE of replies, as in a header */
	bool is_by_tcp; /* all of it */
	bool has_opt; /* queries have one, */
	bool may_drop_opt; /* but for servers that cannot do with it */
	bool is_mixed; /* letters are in random case: 0x20 */
	bool is_json; /* what is written, */
	bool is_brief; /* or without the names */
	bool has_progress; /* which there is on a terminal alone */
	bool is_shown;
	const struct tw_bulk_options *options;
	const char *file; /* of the input; NULL: standard input */
	struct trowel *trowel; /* for TCP, once it is needed */
	uint32_t tcp_count; /* lookups on their way there */
	uint32_t window; /* the most of all windows together */
	uint64_t written_us; /* when output was written last */
	uint64_t saved_us; /* likewise the checkpoint */
	uint64_t shown_us; /* likewise the progress */
	struct tw_checkpoint checkpoint; /* of the run before */
	struct tw_bulk_sockets sockets;
	struct trowel_health health[TROWEL_SERVERS_MAX];
	struct tw_bulk_server servers[TROWEL_SERVERS_MAX];
	struct tw_wheel wheel;
	struct trowel_message message; /* of the newest reply */
	struct tw_tally tally;
	uint32_t random[TW_BULK_RANDOM]; /* each is used once */
	struct tw_bulk_form forms[2]; /* without an OPT, and with one */
	struct tw_bulk_output output;
	struct iovec packets[TW_BULK_QUERIES];
	uint8_t queries[TW_BULK_QUERIES * TW_BULK_QUERY_SIZE + TW_BULK_BEHIND];
	struct tw_bulk_input input;
};

/* --- bulk_ask.c: queries --- */

/* Sends a server what is to be sent to it: lookups from its queue, and then so
 * many new ones. Returns how many. */
unsigned tw_bulk_ask(struct tw_bulk *bulk, uint8_t server, uint32_t most_new);

/* The next question as a lookup; NULL: there is none now. */
struct tw_bulk_lookup *tw_bulk_next_lookup(struct tw_bulk *bulk);

/* --- bulk_queue.c --- */

/* Puts a lookup into the queue of its target, and takes it out again. */
void tw_bulk_queue(struct tw_bulk *bulk, struct tw_bulk_lookup *lookup);
void tw_bulk_unqueue(struct tw_bulk *bulk, struct tw_bulk_lookup *lookup);

/* A lookup is no longer in the wheel, in a queue, or on its way by TCP. */
void tw_bulk_detach(struct tw_bulk *bulk, struct tw_bulk_lookup *lookup);

/* Sees to what is due. */
void tw_bulk_expire(struct tw_bulk *bulk);

/* --- bulk.c --- */

/* Says that the input cannot be read, and returns the exit status. */
int tw_bulk_refuse_input(const struct tw_bulk *bulk, int error);

/* --- bulk_loop.c --- */

/* From now on, SIGINT and SIGTERM let what is on its way come to its end. */
void tw_bulk_catch_signals(void);
bool tw_bulk_is_stopped(void);

/* Asks for all there is, or up to the first failure: bulk->exit. */
void tw_bulk_run(struct tw_bulk *bulk);

/* --- bulk_rules.c: what comes of replies --- */

/* Takes the datagrams that are at a socket. Returns the errno of what ICMP said
 * there, or 0. */
int tw_bulk_take_all(struct tw_bulk *bulk, uint16_t socket);

/* A message that is a try's reply. */
void tw_bulk_judge(struct tw_bulk *bulk, struct tw_bulk_lookup *lookup,
	const struct trowel_message *message, uint8_t index);

/* The lookup ends with a message and its try; without one, NULL, with a status.
 * It is no more after that. */
void tw_bulk_finish(struct tw_bulk *bulk, struct tw_bulk_lookup *lookup,
	const struct trowel_message *message, uint8_t index,
	enum trowel_status status);

/* --- bulk_turns.c: failures, and who is asked next --- */

/* A reply has been cut off. */
void tw_bulk_take_truncated(
	struct tw_bulk *bulk, struct tw_bulk_lookup *lookup, uint8_t index);

/* A message that may be a failure: false if it is none. */
bool tw_bulk_take_failure(struct tw_bulk *bulk, struct tw_bulk_lookup *lookup,
	const struct trowel_message *message, uint8_t index);

/* A message by TCP, and its try; NULL: none came, for the reason `status`. */
void tw_bulk_take_stream(struct tw_bulk *bulk, struct tw_bulk_lookup *lookup,
	const struct trowel_message *message, enum trowel_status status);

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
