/* Checks the names that an archive uses. */
#ifndef DLA_STAGING_UNPACK_UNPACK_NAME_H
#define DLA_STAGING_UNPACK_UNPACK_NAME_H

#include <stdbool.h>
#include <stddef.h>

/* Writes the name without "." and empty parts: "./a//b/" becomes "a/b", "./" becomes "". Returns
 * false if it is absolute or contains "..". clean needs as many bytes as name, NUL included. */
bool dla_unpack_clean_name(const char *name, char *clean);

/* Whether a symbolic link at this clean name leads to a place in the same folder. Its target must
 * be relative, may climb only at its start, and not above the folder. (".." behind another part
 * could go through a second link, and then nobody knows where it leads.) */
bool dla_unpack_link_stays(const char *name, const char *target);

/* The length of the suffix of a compressed file: 3 for "x.gz"; 0 if none is known. */
size_t dla_unpack_suffix(const char *name);
/* Whether it is the name of an archive, or of a compressed file. */
bool dla_unpack_is_archive_name(const char *name);

#endif
