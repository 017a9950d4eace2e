#include "config.h" /* memmem */

#include "workflow/fill_template.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/try.h"

/* Is it the template without what stands around its inside? */
static bool is_field(const char *inside, size_t length, const char *field)
{
  while (length && *inside == ' ') {
    inside++;
    length--;
  }
  while (length && inside[length - 1] == ' ')
    length--;
  return length == strlen(field) && strncmp(inside, field, length) == 0;
}

/* What could not be read is told elsewhere; here any number will do. */
static int64_t at_least(int64_t least, int64_t value)
{
  return value < least ? least : value;
}

static bool find_value(const dla_workflow_resources *job, const char *inside, size_t length,
                       int64_t *value)
{
  const struct {
    const char *field;
    int64_t value;
  } all[] = {{".Job.Resources.Tasks", at_least(1, job->tasks)},
             {".Job.Resources.CPUsPerTask", at_least(1, job->cpus_per_task)},
             {".Job.Resources.MemPerCPU", at_least(1, job->mem_per_cpu)},
             {".Job.Resources.GPUs", at_least(0, job->gpus)}};
  for (size_t i = 0; i < sizeof all / sizeof *all; i++)
    if (is_field(inside, length, all[i].field)) {
      *value = all[i].value;
      return true;
    }
  return false;
}

static dla_status refuse(dla_workflow_reader *r, size_t number, const char *mark, size_t length)
{
  char where[256];
  snprintf(where, sizeof where, "%.200s:%zu", r->yaml.name, number);
  return dla_workflow_go_on(r, dla_fail(r->yaml.err, DLA_E_INPUT, where,
                                        "write what it would be filled in with",
                                        "the template '%.*s' is filled in only by the grid",
                                        (int)(length < 60 ? length : 60), mark));
}

/* Does it choose among lines? */
static bool is_control(const char *mark)
{
  static const char *const words[] = {"if",     "else",  "end",      "range", "with",
                                      "define", "block", "template", "break", "continue"};
  mark += 2;
  mark += strspn(mark, "- ");
  for (size_t i = 0; i < sizeof words / sizeof *words; i++)
    if (strncmp(mark, words[i], strlen(words[i])) == 0) return true;
  return false;
}

/* Any value, so that the rest of the file can be read; nothing where it may be whole lines. */
static void guess(const char *start, const char *mark, const char *behind, const char *end,
                  dla_template *t)
{
  const bool alone = start + strspn(start, " ") == mark && behind + strspn(behind, " \r\n") >= end;
  if (alone && is_control(mark)) t->unreadable = true;
  if (!alone) dla_strbuf_append(&t->text, "1", 1);
  /* What is missing may be all that the line before begins. */
  if (alone && t->lines.length) t->lines.text[t->lines.length - 1] = DLA_LINE_GUESSED;
}

/* comment: perhaps; what is not known stays there. */
static dla_status fill_line(dla_workflow_reader *r, size_t number, const char *line, size_t length,
                            bool comment, dla_template *t)
{
  const char *const start = line, *const end = line + length;
  char guessed = DLA_LINE_READ;
  for (const char *mark; (mark = memmem(line, (size_t)(end - line), "{{", 2));) {
    const char *close = memmem(mark, (size_t)(end - mark), "}}", 2);
    const char *behind = close ? close + 2 : mark + strcspn(mark, "\n");
    int64_t value;
    dla_strbuf_append(&t->text, line, (size_t)(mark - line));
    if (close && find_value(r->job, mark + 2, (size_t)(close - mark - 2), &value))
      dla_strbuf_printf(&t->text, "%" PRId64, value);
    else if (comment)
      dla_strbuf_append(&t->text, mark, (size_t)(behind - mark));
    else {
      TRY(refuse(r, number, mark, (size_t)(behind - mark)));
      guess(start, mark, behind, end, t);
      guessed = DLA_LINE_GUESSED;
    }
    line = behind;
  }
  dla_strbuf_append(&t->text, line, (size_t)(end - line));
  dla_strbuf_append(&t->lines, &guessed, 1);
  return DLA_OK;
}

dla_status dla_workflow_fill_template(dla_workflow_reader *r, const char *text, size_t length,
                                      dla_template *t)
{
  const char *const end = text + length;
  for (size_t number = 1; text < end; number++) {
    const char *next = memchr(text, '\n', (size_t)(end - text));
    next = next ? next + 1 : end;
    /* In a block of text, such as a script, a # is none of YAML's. */
    TRY(fill_line(r, number, text, (size_t)(next - text), text[strspn(text, " \t")] == '#', t));
    text = next;
  }
  dla_strbuf_append(&t->text, "", 0);
  return t->text.failed || t->lines.failed ? dla_fail_memory(r->yaml.err, "a module") : DLA_OK;
}

void dla_template_free(dla_template *t)
{
  dla_strbuf_free(&t->text);
  dla_strbuf_free(&t->lines);
}
