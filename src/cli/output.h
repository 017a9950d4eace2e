/* Standard output and standard error of the program. */
#ifndef DLA_CLI_OUTPUT_H
#define DLA_CLI_OUTPUT_H

#include "base/json.h"
#include "dla/status.h"

/* Prints the text and frees it. A text that ran out of memory gives DLA_E_MEMORY. */
dla_status dla_cli_print(dla_strbuf *text, dla_error *err);

/* Ends the object, prints it on one line, and frees its text. */
dla_status dla_cli_print_object(dla_json *object, dla_error *err);

/* Flushes standard output; a full disk or a closed pipe is DLA_E_IO. */
dla_status dla_cli_flush(dla_error *err);

/* Appends a name from the command line. It may be a URL, where a file was expected, and hold a
 * password. */
void dla_cli_shown(const char *name, dla_strbuf *out);

/* One line on standard error: "dla-train: error: config.yaml:3: what (hint)". */
void dla_cli_report(const dla_error *err);

#endif
