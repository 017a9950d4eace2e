/* Shared by the HTTP storage and its downloads: a request for the URL, and what an answer means. */
#include "staging/page.h"
#include "staging/storage/http_storage.h"

dla_http_request dla_http_storage_request(const dla_http_storage *s, const char *method)
{
  return (dla_http_request){.method = method,
                            .url = s->url,
                            .name = s->shown,
                            .follow = true,
                            .user = s->user,
                            .password = s->password,
                            .use_netrc = true};
}

dla_status dla_http_explain(const char *name, const char *action, const dla_http_response *response,
                            dla_error *err)
{
  static const struct {
    long code;
    const char *what, *hint;
  } known[] = {
      {401, "the server wants a user and a password", "https://USER:PASSWORD@..., or ~/.netrc"},
      {403, "the server denies access", "check the URL and its credentials"},
      {404, "there is nothing at this URL", "check the URL"},
      {410, "there is nothing at this URL any more", "check the URL"},
      {407, "the proxy wants a user and a password", "http_proxy=http://USER:PASSWORD@HOST:PORT"},
      {405, "the server does not allow it", "is this a URL to upload to?"},
      {413, "the server takes no file that large", NULL},
      {507, "the server has no room", NULL},
  };
  char words[200];
  const char *body = dla_strbuf_text(&response->body);
  dla_status status = dla_http_may_pass(response, DLA_OK) ? DLA_E_IO : DLA_E_INPUT;
  if (dla_http_wants_https(response))
    return dla_fail(err, DLA_E_INPUT, name, "https:// instead of http://",
                    "cannot %s: the server speaks TLS (https) at this port, and was asked by http",
                    action);
  dla_page_words(body, response->body.length, words, sizeof words);
  const char *between = words[0] ? "; it says: " : "";
  for (size_t i = 0; i < sizeof known / sizeof *known; i++)
    if (known[i].code == response->code)
      return dla_fail(err, status, name, known[i].hint, "cannot %s: %s (%ld)%s%s", action,
                      known[i].what, response->code, between, words);
  return dla_fail(err, status, name, NULL, "cannot %s: the server answered %ld%s%s", action,
                  response->code, between, words);
}
