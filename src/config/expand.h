#ifndef DLA_CONFIG_EXPAND_H
#define DLA_CONFIG_EXPAND_H

#include "base/strbuf.h"
#include "config/config.h"

/* Appends text with $NAME and ${NAME} replaced by the environment's variables, and $$ by a dollar
 * sign. A variable that is not set is an error that names it; an empty one is not. The folders
 * replace unset variables of a staged job; they may be NULL. */
dla_status dla_expand(const char *text, dla_config_folders *folders, dla_strbuf *out,
                      dla_error *err);

/* Checks the text. *names_variable: dla_expand() needs variables of the environment for it. */
dla_status dla_expand_check(const char *text, bool *names_variable, dla_error *err);

/* Appends what of the text dla_expand() would not take from variables. A $ that names none stands
 * for itself. */
void dla_expand_leave_out(const char *text, dla_strbuf *out);

/* Appends text in such a way that dla_expand() gives it back unchanged. */
void dla_expand_escape(const char *text, dla_strbuf *out);

/* The same for a path. A path in the folders of a staged job begins with the variable that names
 * the folder, because that folder is another one on the next machine. */
void dla_expand_escape_path(const char *path, const dla_config_folders *folders, dla_strbuf *out);

#endif
