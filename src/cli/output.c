#include "cli/output.h"

#include <stdio.h>
#include <string.h>

#include "base/one_line.h"
#include "config/redact.h"

static dla_status fail_write(dla_error *err)
{
  return dla_fail_errno(err, "standard output", "write");
}

dla_status dla_cli_print(dla_strbuf *text, dla_error *err)
{
  dla_status status = DLA_OK;
  if (text->failed)
    status = dla_fail_memory(err, "the output");
  else if (fwrite(dla_strbuf_text(text), 1, text->length, stdout) < text->length)
    status = fail_write(err);
  dla_strbuf_free(text);
  return status;
}

dla_status dla_cli_print_object(dla_json *object, dla_error *err)
{
  dla_json_end_line(object);
  return dla_cli_print(object->out, err);
}

dla_status dla_cli_flush(dla_error *err)
{
  if (fflush(stdout) != 0) return fail_write(err);
  if (ferror(stdout)) return dla_fail(err, DLA_E_IO, "standard output", NULL, "a write failed");
  return DLA_OK;
}

void dla_cli_shown(const char *name, dla_strbuf *out)
{
  dla_redact(strstr(name, "://") ? DLA_SECRET_IN_URL : DLA_PUBLIC, name, out);
}

void dla_cli_report(const dla_error *err)
{
  const char *kind = err->status == DLA_E_INTERRUPTED ? "interrupted" : "error";
  dla_error e = *err;
  dla_one_line(e.where); /* dla_fail() did it, unless the caller put in a name of its own */
  dla_one_line(e.what);
  dla_one_line(e.hint);
  dla_strbuf where = {0};
  dla_cli_shown(e.where, &where);
  fprintf(stderr, "dla-train: %s: %s%s%s%s%s%s\n", kind, dla_strbuf_text(&where),
          *e.where ? ": " : "", e.what, *e.hint ? " (" : "", e.hint, *e.hint ? ")" : "");
  dla_strbuf_free(&where);
}
