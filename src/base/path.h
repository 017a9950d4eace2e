/* Names of files. */
#ifndef DLA_BASE_PATH_H
#define DLA_BASE_PATH_H

#include <stdbool.h>

/* Whether the key may be the path of a file below a folder: "a/b" may; "../a", "a//b", "/a" and ""
 * may not. */
bool dla_key_is_path(const char *key);
/* The part behind the last '/', or all of it where there is none. */
const char *dla_path_name(const char *path);
/* Whether the path ends so, in any case, and has more than the ending: "a.TAR" in ".tar". */
bool dla_path_ends(const char *path, const char *end);
/* The folder of a path: what is before its last '/', "/" or "."; NULL: out of memory. */
char *dla_path_folder(const char *path);
/* "folder/key"; NULL: out of memory. */
char *dla_join_path(const char *folder, const char *key);

/* Whether the path leads to a folder, or to a regular file. */
bool dla_is_folder(const char *path);
bool dla_is_file(const char *path);
/* The path of the only file in the folder, beside what is called `but` (NULL: nothing); the caller
 * frees it. NULL: there is none, or more than that. */
char *dla_only_file(const char *folder, const char *but);

#endif
