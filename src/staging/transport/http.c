/* The client, and the retry loop around an attempt (http_attempt.c). */
#include "staging/transport/http.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "staging/page.h"
#include "staging/transport/http_pool.h"

/* The first of the variables that is set; NULL if none is. The curl program reads some of them and
 * the AWS tools another one, but libcurl none. OpenSSL reads its own only for a program that asks
 * it to. */
static const char *first_of(const char *const *variables)
{
  for (; *variables; variables++) {
    const char *value = getenv(*variables);
    if (value && *value) return value;
  }
  return NULL;
}

static const char *ca_file(void)
{
  static const char *const variables[] = {"CURL_CA_BUNDLE", "AWS_CA_BUNDLE", "SSL_CERT_FILE", NULL};
  return first_of(variables);
}

static const char *ca_folder(void)
{
  static const char *const variables[] = {"SSL_CERT_DIR", NULL};
  return first_of(variables);
}

/* Before 7.84, curl_global_init() and curl_global_cleanup() may not run in two threads at once, and
 * clients come and go in several. So the library is initialized once for the whole process, and
 * stays until its end. */
static pthread_once_t once = PTHREAD_ONCE_INIT;
static bool initialized;

static void initialize(void)
{
  initialized = curl_global_init(CURL_GLOBAL_DEFAULT) == CURLE_OK;
}

dla_status dla_http_new(const dla_stage_settings *settings, dla_meter *meter, dla_http **out,
                        dla_error *err)
{
  if (pthread_once(&once, initialize) || !initialized) return dla_fail_memory(err, "libcurl");
  dla_http *http = calloc(1, sizeof *http);
  if (!http || pthread_mutex_init(&http->lock, NULL)) {
    free(http);
    return dla_fail_memory(err, "libcurl");
  }
  http->settings = settings;
  http->meter = meter;
  http->ca_file = ca_file();
  http->ca_folder = ca_folder();
  *out = http;
  return DLA_OK;
}

void dla_http_free(dla_http *http)
{
  if (!http) return;
  while (http->idle_count)
    curl_easy_cleanup(http->idle[--http->idle_count]);
  pthread_mutex_destroy(&http->lock);
  free(http);
}

/* S3's codes for faults that may pass, with a status that does not say so. A slow connection gives
 * 400. Completing an upload may begin with 200 and fail later. */
static bool says_it_may_pass(const char *body)
{
  static const char *const codes[] = {"RequestTimeout", "InternalError", "SlowDown",
                                      "ServiceUnavailable"};
  for (size_t i = 0; i < sizeof codes / sizeof *codes; i++) {
    char element[64];
    snprintf(element, sizeof element, "<Code>%s</Code>", codes[i]);
    if (strstr(body, element)) return true;
  }
  return false;
}

bool dla_http_may_pass(const dla_http_response *response, dla_status status)
{
  if (status) return response->may_pass;
  switch (response->code) {
  case 408:
  case 429:
  case 500:
  case 502:
  case 503:
  case 504:
    return true;
  case 200:
  case 400:
    return says_it_may_pass(dla_strbuf_text(&response->body));
  default:
    return false;
  }
}

bool dla_http_wants_https(const dla_http_response *response)
{
  /* the words of nginx, of servers in Go, and of Apache */
  static const char *const words[] = {"HTTP request was sent to HTTPS port",
                                      "HTTP request to an HTTPS server",
                                      "plain HTTP to an SSL-enabled server port"};
  for (size_t i = 0; response->code == 400 && i < sizeof words / sizeof *words; i++)
    if (strstr(dla_strbuf_text(&response->body), words[i])) return true;
  return false;
}

bool dla_http_again(dla_retry *retry, const dla_http_response *response, dla_status status,
                    const dla_error *err)
{
  char reason[64];
  if (!dla_http_may_pass(response, status)) return false;
  snprintf(reason, sizeof reason, "the server answered %ld", response->code);
  return dla_retry_again(retry, status ? -1 : response->headers.retry_after,
                         status && err ? err->what : reason);
}

/* Looks at the result of an attempt. Returns whether the request is over; *doubt says that an
 * earlier attempt may have been carried out. */
static bool is_over(const dla_http_request *request, dla_http_response *response, dla_status status,
                    bool *doubt)
{
  bool succeeded = !status && dla_http_succeeded(response);
  response->strange =
      succeeded && request->accepts && !request->accepts(request->context, response);
  if (succeeded && !response->strange) return true;
  /* A 404 may be the effect of the same request, sent before: libcurl sends it again by itself if a
   * kept connection was dead. */
  *doubt |= response->strange || response->resent || response->code == 404 ||
            dla_http_may_pass(response, status);
  /* Behind a strange answer, the server may have carried out the request. Then it is not sent
   * again. */
  response->confirmed =
      response->strange && request->carried_out && request->carried_out(request->context);
  return response->confirmed;
}

static bool try_again(dla_retry *retry, const dla_http_response *response, dla_status status,
                      const dla_error *err)
{
  char words[200], reason[256];
  if (!response->strange) return dla_http_again(retry, response, status, err);
  dla_page_words(dla_strbuf_text(&response->body), response->body.length, words, sizeof words);
  snprintf(reason, sizeof reason, "the answer (%ld) is not what was asked for%s%s", response->code,
           words[0] ? ": " : "", words);
  return dla_retry_again(retry, -1, reason);
}

dla_status dla_http_send(dla_http *http, const dla_http_request *request,
                         dla_http_response *response, dla_error *err)
{
  dla_error own = {0}; /* err may be NULL, but the reason is needed */
  dla_retry retry = dla_http_retry(http, request->name);
  bool doubt = false;
  dla_status status = dla_http_attempt(http, request, retry.deadline, response, &own);
  while (!is_over(request, response, status, &doubt) && try_again(&retry, response, status, &own)) {
    dla_http_response_free(response);
    status = dla_http_attempt(http, request, retry.deadline, response, &own);
  }
  bool done = !status && dla_http_done(response);
  if (!done && !retry.stopped && doubt && request->carried_out &&
      request->carried_out(request->context)) {
    response->confirmed = done = true;
    status = DLA_OK;
  }
  if (!done) status = dla_retry_end(&retry, status, &own);
  if (status && err) *err = own;
  return status;
}

void dla_http_response_free(dla_http_response *response)
{
  dla_strbuf_free(&response->body);
  *response = (dla_http_response){0};
}

dla_retry dla_http_retry(dla_http *http, const char *name)
{
  return dla_retry_begin(http->settings, http->meter, name);
}

dla_meter *dla_http_meter(dla_http *http)
{
  return http->meter;
}

const dla_stage_settings *dla_http_settings(dla_http *http)
{
  return http->settings;
}
