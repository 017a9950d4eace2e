/* Which names an archive may use. */
#ifndef DLA_STAGING_UNPACK_UNPACK_NAME_H
#define DLA_STAGING_UNPACK_UNPACK_NAME_H

#include <stdbool.h>
#include <stddef.h>

/* Writes the name without "." and empty parts: "./a//b/" becomes "a/b", "./" becomes "". false: it
 * is absolute or holds "..". clean has room for as many bytes as name, NUL included. */
bool dla_unpack_clean_name(const char *name, char *clean);

/* Does a symbolic link at this clean name lead to a place in the same folder? Its target is
 * relative, climbs at its start only, and not above the folder. (".." behind another part could go
 * through a second link, and then it is not clear where it leads.) */
bool dla_unpack_link_stays(const char *name, const char *target);

bool dla_unpack_has_suffix(const char *name, const char *suffix);
/* How long the suffix is that a compressed file has: 3 of "x.gz"; 0: none is known. */
size_t dla_unpack_suffix(const char *name);
/* Is it the name of an archive, or of a compressed file? */
bool dla_unpack_is_archive_name(const char *name);

#endif
