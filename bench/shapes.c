/* SPDX-License-Identifier: MIT */
#include "shapes.h"

const struct shape shapes[] = {
	{ "labelchain_ns", shape_labelchain_ns },
	{ "labelchain_all", shape_labelchain_all },
	{ "collide", shape_collide },
	{ "tree", shape_tree },
	{ "tree_and_flat", shape_tree_and_flat },
	{ "ptrchain", shape_ptrchain },
	{ "ptrchain_126", shape_ptrchain_126 },
	{ "ptrchain_same", shape_ptrchain_same },
	{ "binlabels", shape_binlabels },
	{ "txt0", shape_txt0 },
	{ "txt1", shape_txt1 },
	{ "apl", shape_apl },
	{ "wks", shape_wks },
	{ "nxt", shape_nxt },
	{ "hip", shape_hip },
	{ "hip2", shape_hip2 },
	{ "svcb", shape_svcb },
	{ "opt", shape_opt },
	{ "nsec", shape_nsec },
	{ "tiny", shape_tiny },
	{ "mixed", shape_mixed },
	{ "questions", shape_questions },
	{ "cnames", shape_cnames },
	{ "aliases", shape_aliases },
	{ "flat", shape_flat },
	{ "flat_spelled", shape_flat_spelled },
	{ "twins", shape_twins },
	{ "near_twins", shape_near_twins },
};
const size_t shape_count = sizeof shapes / sizeof *shapes;
