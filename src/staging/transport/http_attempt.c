/* One attempt at a request, and the redirects on its way. */
#include <errno.h>
#include <limits.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "staging/transport/http.h"
#include "staging/transport/http_pool.h"

enum { BODY_MAX = 64 << 20, REDIRECTS_MAX = 10 };

/* A running request. */
typedef struct exchange {
  dla_http *http;
  const dla_http_request *request;
  dla_http_response *response;
  CURL *handle;
  struct curl_slist *headers;
  char *url;         /* the current one */
  bool leaves_host;  /* a redirect led to another host: send no credentials */
  bool begun;        /* the sink was told of the answer */
  bool expects;      /* the request asks whether to send its body */
  bool continued;    /* the server said to go on */
  uint64_t sent;     /* bytes of the body */
  dla_status status; /* the failure of a callback */
  dla_error *err;
  char reason[CURL_ERROR_SIZE];
} exchange;

static size_t on_header(char *line, size_t size, size_t count, void *context)
{
  exchange *x = context;
  size_t length = size * count;
  const char continues[] = "HTTP/1.1 100";
  if (length >= sizeof continues - 1 && memcmp(line, continues, sizeof continues - 1) == 0)
    x->continued = true;
  dla_headers_take(&x->response->headers, line, length);
  return length;
}

static bool redirected(const dla_http_request *request, long code)
{
  if (!request->follow) return false;
  if (code == 307 || code == 308) return true;
  bool reads = strcmp(request->method, "GET") == 0 || strcmp(request->method, "HEAD") == 0;
  return reads && (code == 301 || code == 302 || code == 303);
}

static dla_status keep_body(exchange *x, const char *bytes, size_t count)
{
  dla_strbuf *body = &x->response->body;
  if (count > BODY_MAX - body->length)
    return dla_fail(x->err, DLA_E_IO, x->request->name, NULL, "the server's answer is too long");
  dla_strbuf_append(body, bytes, count);
  return body->failed ? dla_fail_memory(x->err, "a server's answer") : DLA_OK;
}

/* Tells the sink once that a 2xx answer begins. */
static dla_status begin(exchange *x)
{
  const dla_http_sink *sink = x->request->sink;
  curl_easy_getinfo(x->handle, CURLINFO_RESPONSE_CODE, &x->response->code);
  if (!sink || x->begun || !dla_http_succeeded(x->response)) return DLA_OK;
  x->begun = true;
  return sink->begin ? sink->begin(sink->context, x->response, x->err) : DLA_OK;
}

static size_t on_body(char *bytes, size_t size, size_t count, void *context)
{
  exchange *x = context;
  const dla_http_sink *sink = x->request->sink;
  count *= size;
  x->status = begin(x);
  if (x->status) return 0;
  if (redirected(x->request, x->response->code)) return count;
  if (sink && dla_http_succeeded(x->response))
    x->status = sink->write(sink->context, bytes, count, x->err);
  else
    x->status = keep_body(x, bytes, count);
  return x->status ? 0 : count;
}

static size_t on_send(char *bytes, size_t size, size_t count, void *context)
{
  exchange *x = context;
  const dla_http_request *r = x->request;
  uint64_t left = r->file_size - x->sent;
  size_t want = size * count;
  if (want > left) want = (size_t)left;
  ssize_t got;
  do
    got = want ? pread(r->file, bytes, want, (off_t)(r->file_offset + x->sent)) : 0;
  while (got < 0 && errno == EINTR);
  if (got < 0 || (got == 0 && want)) {
    x->status = got < 0 ? dla_fail_errno(x->err, r->name, "read the file")
                        : dla_fail(x->err, DLA_E_IO, r->name, NULL,
                                   "the file became shorter while it was sent");
    return CURL_READFUNC_ABORT;
  }
  x->sent += (uint64_t)got;
  dla_meter_add(x->http->meter, got);
  return (size_t)got;
}

/* libcurl begins again if a kept connection turns out to be dead. */
static int on_seek(void *context, curl_off_t offset, int origin)
{
  exchange *x = context;
  if (origin != SEEK_SET || offset < 0) return CURL_SEEKFUNC_CANTSEEK;
  dla_meter_add(x->http->meter, (int64_t)offset - (int64_t)x->sent);
  x->sent = (uint64_t)offset;
  x->response->resent = true;
  return CURL_SEEKFUNC_OK;
}

static int on_progress(void *context, curl_off_t down_total, curl_off_t down, curl_off_t up_total,
                       curl_off_t up)
{
  exchange *x = context;
  (void)down_total, (void)down, (void)up_total, (void)up;
  return !x->request->unstoppable && dla_meter_stopped(x->http->meter);
}

static bool add_header(exchange *x, const char *header)
{
  struct curl_slist *more = curl_slist_append(x->headers, header);
  if (more) x->headers = more;
  return more != NULL;
}

/* Whether to ask with "Expect: 100-continue". It saves sending a body that the server refuses. It
 * costs more where the body is small, or where the server never answers: libcurl waits a second
 * then. */
static bool may_expect(const exchange *x)
{
  enum { LITTLE = 1 << 16 };
  return x->request->has_file && x->request->file_size > LITTLE &&
         !atomic_load(&x->http->expect_is_ignored);
}

/* Adds the headers that sign the request. */
static dla_status sign(exchange *x)
{
  dla_strbuf added[DLA_HTTP_ADDED] = {0};
  dla_status status = x->request->sign(x->request->context, x->url, added, x->err);
  for (int i = 0; i < DLA_HTTP_ADDED; i++) {
    if (!status && added[i].text && !add_header(x, added[i].text))
      status = dla_fail_memory(x->err, "a request");
    dla_strbuf_free(&added[i]);
  }
  return status;
}

static dla_status add_headers(exchange *x)
{
  bool fine = true;
  for (int i = 0; fine && i < DLA_HTTP_HEADERS && x->request->headers[i]; i++)
    fine = add_header(x, x->request->headers[i]);
  x->expects = may_expect(x);
  x->continued = false;
  bool asks_nothing = !x->expects && (x->request->has_file || x->request->body);
  if (fine && asks_nothing) fine = add_header(x, "Expect:"); /* keeps libcurl from sending it */
  if (!fine) return dla_fail_memory(x->err, "a request");
  dla_status status = x->request->sign ? sign(x) : DLA_OK;
  curl_easy_setopt(x->handle, CURLOPT_HTTPHEADER, x->headers);
  return status;
}

static void set_body(exchange *x)
{
  const dla_http_request *r = x->request;
  if (strcmp(r->method, "HEAD") == 0)
    curl_easy_setopt(x->handle, CURLOPT_NOBODY, 1L);
  else if (r->has_file) {
    curl_easy_setopt(x->handle, CURLOPT_UPLOAD, 1L);
    curl_easy_setopt(x->handle, CURLOPT_INFILESIZE_LARGE, (curl_off_t)r->file_size);
    curl_easy_setopt(x->handle, CURLOPT_READFUNCTION, on_send);
    curl_easy_setopt(x->handle, CURLOPT_READDATA, x);
    curl_easy_setopt(x->handle, CURLOPT_SEEKFUNCTION, on_seek);
    curl_easy_setopt(x->handle, CURLOPT_SEEKDATA, x);
  } else if (r->body) {
    curl_easy_setopt(x->handle, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)strlen(r->body));
    curl_easy_setopt(x->handle, CURLOPT_POSTFIELDS, r->body);
  }
  if (strcmp(r->method, "HEAD") != 0 && strcmp(r->method, "GET") != 0)
    curl_easy_setopt(x->handle, CURLOPT_CUSTOMREQUEST, r->method);
}

static void set_credentials(exchange *x)
{
  const dla_http_request *r = x->request;
  if (r->use_netrc) curl_easy_setopt(x->handle, CURLOPT_NETRC, (long)CURL_NETRC_OPTIONAL);
  if (x->leaves_host || !r->user) return;
  /* Two options, because a user name may contain a colon. */
  curl_easy_setopt(x->handle, CURLOPT_USERNAME, dla_secret_text(r->user));
  curl_easy_setopt(x->handle, CURLOPT_PASSWORD, dla_secret_text(r->password));
  curl_easy_setopt(x->handle, CURLOPT_HTTPAUTH, (long)CURLAUTH_BASIC);
}

static void set_limits(exchange *x, double deadline)
{
  const dla_stage_settings *s = x->http->settings;
  double left = fmax(deadline - dla_clock(), 0.001);
  curl_easy_setopt(x->handle, CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt(x->handle, CURLOPT_CONNECTTIMEOUT_MS, (long)ceil(s->connect_timeout * 1000));
  curl_easy_setopt(x->handle, CURLOPT_LOW_SPEED_LIMIT, 1L);
  curl_easy_setopt(x->handle, CURLOPT_LOW_SPEED_TIME, (long)ceil(s->stall_timeout));
  curl_easy_setopt(x->handle, CURLOPT_TIMEOUT_MS, (long)fmin(ceil(left * 1000), INT_MAX));
  curl_easy_setopt(x->handle, CURLOPT_TCP_KEEPALIVE, 1L);
  curl_easy_setopt(x->handle, CURLOPT_MAX_SEND_SPEED_LARGE, (curl_off_t)s->send_limit);
}

/* An S3 key may contain "..", which must not be resolved. */
static bool has_dot_segment(const char *url)
{
  for (const char *at = url; (at = strstr(at, "/.")); at += 2)
    if (strchr("/?", at[2 + (at[2] == '.')])) return true;
  return false;
}

static dla_status set_up(exchange *x, double deadline)
{
  dla_status status = add_headers(x);
  if (status) return status;
  bool secure = strncmp(x->url, "https:", 6) == 0;
  curl_easy_setopt(x->handle, CURLOPT_URL, x->url);
  if (has_dot_segment(x->url)) curl_easy_setopt(x->handle, CURLOPT_PATH_AS_IS, 1L);
  curl_easy_setopt(x->handle, CURLOPT_PROTOCOLS_STR, secure ? "https" : "http,https");
  curl_easy_setopt(x->handle, CURLOPT_USERAGENT, "dla-train");
  curl_easy_setopt(x->handle, CURLOPT_ERRORBUFFER, x->reason);
  if (x->http->ca_file) curl_easy_setopt(x->handle, CURLOPT_CAINFO, x->http->ca_file);
  if (x->http->ca_folder) curl_easy_setopt(x->handle, CURLOPT_CAPATH, x->http->ca_folder);
  curl_easy_setopt(x->handle, CURLOPT_HEADERFUNCTION, on_header);
  curl_easy_setopt(x->handle, CURLOPT_HEADERDATA, x);
  curl_easy_setopt(x->handle, CURLOPT_WRITEFUNCTION, on_body);
  curl_easy_setopt(x->handle, CURLOPT_WRITEDATA, x);
  curl_easy_setopt(x->handle, CURLOPT_NOPROGRESS, 0L);
  curl_easy_setopt(x->handle, CURLOPT_XFERINFOFUNCTION, on_progress);
  curl_easy_setopt(x->handle, CURLOPT_XFERINFODATA, x);
  set_limits(x, deadline);
  set_body(x);
  set_credentials(x);
  return DLA_OK;
}

/* Turns libcurl's failure into an error, and sets may_pass. */
static dla_status failure(exchange *x, CURLcode code)
{
  if (x->status) return x->status;
  const dla_http_failed failed = {.http = x->http,
                                  .handle = x->handle,
                                  .code = code,
                                  .url = x->url,
                                  .name = x->request->name,
                                  .reason = x->reason[0] ? x->reason : curl_easy_strerror(code)};
  return dla_http_failure(&failed, &x->response->may_pass, x->err);
}

/* Whether both URLs have the same scheme://host:port. */
static bool same_host(const char *a, const char *b)
{
  const size_t length = dla_url_authority(a);
  return strncmp(a, b, length) == 0 && strchr("/?#", b[length]) != NULL;
}

static dla_status go_elsewhere(exchange *x)
{
  char *target = NULL;
  const char *name = x->request->name;
  curl_easy_getinfo(x->handle, CURLINFO_REDIRECT_URL, &target);
  if (!target)
    return dla_fail(x->err, DLA_E_IO, name, NULL, "the server redirects, but does not say whither");
  if (strncmp(x->url, "https:", 6) == 0 && strncmp(target, "https:", 6) != 0)
    return dla_fail(x->err, DLA_E_INPUT, name, "ask who runs the server",
                    "the server redirects from https to a URL that is not");
  char *copy = strdup(target);
  if (!copy) return dla_fail_memory(x->err, "a URL");
  /* Once it left the host, credentials stay off for good: the other host decides on the way
   * back. */
  x->leaves_host = x->leaves_host || !same_host(x->request->url, copy);
  free(x->url);
  x->url = copy;
  return DLA_OK;
}

/* Sends the request once and takes one answer. */
static dla_status exchange_once(exchange *x, double deadline)
{
  x->handle = dla_http_take(x->http);
  x->sent = 0;
  dla_strbuf_free(&x->response->body); /* from an answer that redirected */
  if (!x->handle) return dla_fail_memory(x->err, "a connection");
  dla_status status = set_up(x, deadline);
  CURLcode code = status ? CURLE_OK : curl_easy_perform(x->handle);
  if (!status) status = code ? failure(x, code) : begin(x);
  if (!status && x->expects && x->sent && !x->continued)
    atomic_store(&x->http->expect_is_ignored, true);
  if (!dla_http_succeeded(x->response) || status) /* they will be sent again, or were sent in
                                                   * vain */
    dla_meter_add(x->http->meter, -(int64_t)x->sent);
  if (!status && redirected(x->request, x->response->code)) status = go_elsewhere(x);
  dla_http_give_back(x->http, x->handle);
  for (struct curl_slist *h = x->headers; h; h = h->next)
    explicit_bzero(h->data, strlen(h->data)); /* a header may hold the session token */
  curl_slist_free_all(x->headers);
  x->headers = NULL;
  return status;
}

/* Asks the owner of a signed request where a 307 leads. */
static bool is_sent_elsewhere(exchange *x)
{
  const dla_http_request *r = x->request;
  if (!r->elsewhere || x->response->code != 307) return false;
  char *url = r->elsewhere(r->context, x->response);
  if (!url) return false;
  free(x->url);
  x->url = url;
  return true;
}

dla_status dla_http_attempt(dla_http *http, const dla_http_request *request, double deadline,
                            dla_http_response *response, dla_error *err)
{
  exchange x = {.http = http, .request = request, .response = response, .err = err};
  *response = (dla_http_response){.headers.retry_after = -1};
  x.url = strdup(request->url);
  if (!x.url) return dla_fail_memory(err, "a URL");
  int redirects = 0;
  dla_status status = exchange_once(&x, deadline);
  if (!status && is_sent_elsewhere(&x)) status = exchange_once(&x, deadline);
  while (!status && redirected(request, response->code)) {
    if (++redirects > REDIRECTS_MAX)
      status = dla_fail(err, DLA_E_INPUT, request->name, "ask who runs the server",
                        "the server redirects more than %d times", REDIRECTS_MAX);
    else
      status = exchange_once(&x, deadline);
  }
  free(x.url);
  return status;
}
