# SPDX-License-Identifier: MIT
# find_package(trowel), then target_link_libraries(... trowel::trowel).
# Everything is looked for beside this file, so that a tree can be moved.

if(TARGET trowel::trowel)
	return()
endif()

get_filename_component(trowel_libdir "${CMAKE_CURRENT_LIST_DIR}/../.." ABSOLUTE)
# The second is for lib/MACHINE.
find_path(trowel_INCLUDE_DIR trowel/resolver.h
	PATHS "${trowel_libdir}/../include" "${trowel_libdir}/../../include"
	NO_DEFAULT_PATH)
find_library(trowel_LIBRARY NAMES trowel
	PATHS "${trowel_libdir}" NO_DEFAULT_PATH)
mark_as_advanced(trowel_INCLUDE_DIR trowel_LIBRARY)
if(NOT trowel_INCLUDE_DIR OR NOT trowel_LIBRARY)
	set(trowel_FOUND FALSE)
	set(trowel_NOT_FOUND_MESSAGE
		"headers or library are missing beside ${CMAKE_CURRENT_LIST_DIR}")
	return()
endif()

add_library(trowel::trowel UNKNOWN IMPORTED)
set_target_properties(trowel::trowel PROPERTIES
	IMPORTED_LOCATION "${trowel_LIBRARY}"
	INTERFACE_INCLUDE_DIRECTORIES "${trowel_INCLUDE_DIR}")
