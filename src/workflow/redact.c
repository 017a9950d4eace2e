#include "workflow/redact.h"

#include <string.h>

/* The length of the longest secret that begins at text. */
static size_t secret_length(const dla_workflow *w, const char *text)
{
  const dla_secret *const secrets[] = {w->input.secret_key, w->output.secret_key,
                                       w->input.url,        w->output.url,
                                       w->input.access_key, w->output.access_key};
  size_t longest = 0;
  for (size_t i = 0; i < sizeof secrets / sizeof *secrets; i++) {
    const char *secret = dla_secret_text(secrets[i]);
    size_t length = secret ? strlen(secret) : 0;
    /* a URL is a secret only if it contains one */
    if (i / 2 == 1 && secret && !strpbrk(secret, "@?")) continue;
    if (length > longest && strncmp(text, secret, length) == 0) longest = length;
  }
  return longest;
}

void dla_workflow_redact(const dla_workflow *w, const char *text, dla_strbuf *out)
{
  while (*text) {
    size_t length = secret_length(w, text);
    if (length)
      dla_strbuf_append(out, "***", 3);
    else
      dla_strbuf_append(out, text, 1);
    text += length ? length : 1;
  }
  dla_strbuf_append(out, "", 0);
}
