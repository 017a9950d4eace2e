/* What the grid fills in with Go's templates before it reads a module. Of that, the job's resources
 * are filled in here. */
#ifndef DLA_WORKFLOW_FILL_TEMPLATE_H
#define DLA_WORKFLOW_FILL_TEMPLATE_H

#include "workflow/keys.h"

typedef struct dla_template {
  dla_strbuf text;
  dla_strbuf lines; /* a byte for each: was something in it guessed? */
  bool unreadable;  /* so much is missing that the rest cannot be judged */
} dla_template;

/* Appends the text, which a NUL follows, to t->text with r->job's numbers for
 * {{ .Job.Resources.Tasks }} and so on; lines stay lines. Any other template is noted, with its
 * line, and something is put in its place, so that the rest can be read; but not in lines that
 * begin with a #, which may be comments: there it stays. Free it, also after a failure. */
dla_status dla_workflow_fill_template(dla_workflow_reader *r, const char *text, size_t length,
                                      dla_template *t);
void dla_template_free(dla_template *t);

#endif
