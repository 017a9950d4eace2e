/* Prints findings, for dla-train doctor and selftest. */
#ifndef DLA_CLI_FINDINGS_H
#define DLA_CLI_FINDINGS_H

#include "base/findings.h"
#include "base/strbuf.h"

/* Appends a line: "good memory 16 GB (what to do)". */
void dla_cli_finding_line(const dla_finding *finding, dla_strbuf *out);
/* Appends the same as a JSON object, without a newline. */
void dla_cli_finding_json(const dla_finding *finding, dla_strbuf *out);

/* Prints all: lines and a sum, or one JSON object {"verdict", "findings"}. A bad finding is an
 * error that ends the program with status 1. */
dla_status dla_cli_print_findings(const dla_findings *findings, const char *verb, bool json,
                                  dla_error *err);

/* The error for so many bad findings; DLA_OK if there are none. */
dla_status dla_cli_fail_bad(const char *verb, size_t bad, dla_error *err);

#endif
