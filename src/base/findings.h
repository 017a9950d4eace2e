/* A list of findings of checks, each with a verdict. The checks (src/doctor, src/selftest) fill it;
 * whoever prints it decides how. */
#ifndef DLA_BASE_FINDINGS_H
#define DLA_BASE_FINDINGS_H

#include <stdbool.h>
#include <stddef.h>

#include "dla/status.h"

typedef enum dla_verdict { DLA_GOOD, DLA_WARNING, DLA_BAD } dla_verdict;

const char *dla_verdict_name(dla_verdict verdict); /* "good", "warning", "bad" */

typedef struct dla_finding {
  dla_verdict verdict;
  char name[64];  /* of the check: "memory" */
  char what[512]; /* what was found. All three are one line without control characters */
  char hint[256]; /* what to do about it; "": nothing */
} dla_finding;

typedef struct dla_findings {
  dla_finding *items; /* owned */
  size_t count, capacity;
  bool failed; /* out of memory; looked at once, in the end */
} dla_findings;

/* hint may be NULL. */
void dla_findings_add(dla_findings *findings, dla_verdict verdict, const char *name,
                      const char *hint, const char *format, ...)
    __attribute__((format(printf, 5, 6)));
/* An error as a finding. */
void dla_findings_add_error(dla_findings *findings, dla_verdict verdict, const char *name,
                            const dla_error *error);
/* The worst verdict; DLA_GOOD if there are no findings. */
dla_verdict dla_findings_worst(const dla_findings *findings);
void dla_findings_free(dla_findings *findings);

#endif
