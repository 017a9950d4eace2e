/* Shared by the completions of all shells; made from the tables of verbs, options and keys. */
#ifndef DLA_CLI_COMPLETION_H
#define DLA_CLI_COMPLETION_H

#include "base/strbuf.h"
#include "cli/verb.h"
#include "config/schema.h"

/* Appends "section.key". */
void dla_completion_key(const dla_key *key, dla_strbuf *out);
/* The values to choose from for a key; NULL: there is no list. */
const char *const *dla_completion_choices(const dla_key *key);
/* Words that may follow a verb, such as stage's get. Ends with NULL; NULL if there are none. */
const char *const *dla_completion_words(const dla_verb *verb);
/* Whether the verb takes section.key=value. */
bool dla_completion_takes_keys(const dla_verb *verb);
/* Appends the text in quotes '...', for shell scripts and for fish. */
void dla_completion_quote(const char *text, dla_strbuf *out);

#endif
