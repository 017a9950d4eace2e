/* Says why there was no answer: a fault that may pass, or one of the request, the URL or a
 * proxy. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "staging/transport/http.h"
#include "staging/transport/http_pool.h"

/* The variable that names the proxy for the URL, in libcurl's order; NULL if none is set. */
static const char *proxy_variable(const char *url)
{
  bool secure = strncmp(url, "https:", 6) == 0;
  const char *const variables[] = {secure ? "https_proxy" : "http_proxy",
                                   secure ? "HTTPS_PROXY" : "", "all_proxy", "ALL_PROXY"};
  for (size_t i = 0; i < sizeof variables / sizeof *variables; i++) {
    const char *value = *variables[i] ? getenv(variables[i]) : NULL;
    if (value && *value) return variables[i];
  }
  return NULL;
}

/* Whether libcurl can read the proxy's URL. It takes the first of these signs for the end of user
 * and password, and may quote the rest as a host name. */
static bool is_readable(const char *proxy)
{
  const char *scheme = strstr(proxy, "://"), *start = scheme ? scheme + 3 : proxy;
  const char *at = strrchr(start, '@');
  return !proxy[strcspn(proxy, " \t\r\n")] &&
         !(at && strcspn(start, "/#?@") < (size_t)(at - start));
}

/* Host and port of a proxy, without user and password. */
static bool proxy_host(const char *proxy, char *host, size_t size)
{
  CURLU *url = curl_url();
  char *name = NULL, *port = NULL;
  bool fine =
      url &&
      !curl_url_set(url, CURLUPART_URL, proxy, CURLU_GUESS_SCHEME | CURLU_NON_SUPPORT_SCHEME) &&
      !curl_url_get(url, CURLUPART_HOST, &name, 0);
  if (fine) curl_url_get(url, CURLUPART_PORT, &port, 0);
  if (fine) snprintf(host, size, "%s port %s", name, port ? port : "1080");
  curl_free(name);
  curl_free(port);
  curl_url_cleanup(url);
  return fine;
}

static dla_status fail_unreadable(const char *variable, const char *name, dla_error *err)
{
  char hint[160];
  snprintf(hint, sizeof hint,
           "%s=http://USER:PASSWORD@HOST:PORT, where a password has %%23 for #, %%2F for /, %%40 "
           "for @, %%20 for a blank",
           variable);
  return dla_fail(err, DLA_E_INPUT, name, hint, "the proxy that %s names cannot be read", variable);
}

/* Whether a proxy refused, or is not there; makes the error then. */
static bool is_about_proxy(const dla_http_failed *f, bool *may_pass, dla_error *err)
{
  const char *variable = proxy_variable(f->url), *proxy = variable ? getenv(variable) : NULL;
  char host[280];
  long answer = 0;
  curl_easy_getinfo(f->handle, CURLINFO_HTTP_CONNECTCODE, &answer);
  if (answer >= 300) {
    *may_pass = answer == 502 || answer == 503 || answer == 504;
    dla_fail(err, *may_pass ? DLA_E_IO : DLA_E_INPUT, f->name,
             answer == 407 ? "HTTPS_PROXY=http://USER:PASSWORD@HOST:PORT"
                           : "ask who runs the proxy; NO_PROXY names hosts that need none",
             "the proxy refuses to connect: it answered %ld", answer);
    return true;
  }
  bool connecting = f->code == CURLE_COULDNT_RESOLVE_PROXY || f->code == CURLE_COULDNT_CONNECT ||
                    f->code == CURLE_COULDNT_RESOLVE_HOST || f->code == CURLE_URL_MALFORMAT ||
                    f->code == CURLE_UNSUPPORTED_PROTOCOL || f->code == CURLE_PROXY;
  if (!proxy || !connecting) return false;
  if (!is_readable(proxy)) {
    fail_unreadable(variable, f->name, err);
    return true;
  }
  if (f->code != CURLE_COULDNT_RESOLVE_PROXY &&
      !(proxy_host(proxy, host, sizeof host) && strstr(f->reason, host)))
    return false;
  dla_fail(err, DLA_E_IO, f->name, "NO_PROXY names hosts that need none",
           "the proxy that %s names cannot be reached: %s", variable, f->reason);
  return true;
}

/* Whether this server was asked before; *tls is its answer. A redirect may lead to another one. */
static bool is_known(dla_http *http, const char *url, bool *tls)
{
  const size_t length = dla_url_authority(url);
  pthread_mutex_lock(&http->lock);
  const bool known = strlen(http->probed) == length && strncmp(http->probed, url, length) == 0;
  *tls = http->speaks_tls;
  pthread_mutex_unlock(&http->lock);
  return known;
}

static void keep_answer(dla_http *http, const char *url, bool tls)
{
  const size_t length = dla_url_authority(url);
  if (length >= sizeof http->probed) return;
  pthread_mutex_lock(&http->lock);
  snprintf(http->probed, sizeof http->probed, "%.*s", (int)length, url);
  http->speaks_tls = tls;
  pthread_mutex_unlock(&http->lock);
}

static int on_progress(void *context, curl_off_t down_total, curl_off_t down, curl_off_t up_total,
                       curl_off_t up)
{
  dla_http *http = context;
  (void)down_total, (void)down, (void)up_total, (void)up;
  return dla_meter_stopped(http->meter);
}

/* A garbled answer may be TLS: a TLS handshake tells. Tried only once, because a server does not
 * change that. */
static bool speaks_tls(const dla_http_failed *f)
{
  dla_http *http = f->http;
  bool tls = false;
  if (strncmp(f->url, "http:", 5) != 0) return false;
  if (is_known(http, f->url, &tls)) return tls;
  CURLcode code = CURLE_OUT_OF_MEMORY;
  size_t size = strlen(f->url) + 2;
  char *url = malloc(size);
  CURL *handle = curl_easy_init();
  if (url && handle) {
    snprintf(url, size, "https:%s", f->url + 5);
    curl_easy_setopt(handle, CURLOPT_URL, url);
    curl_easy_setopt(handle, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(handle, CURLOPT_CONNECT_ONLY, 1L);
    curl_easy_setopt(handle, CURLOPT_SSL_VERIFYPEER, 0L); /* nothing is sent */
    curl_easy_setopt(handle, CURLOPT_SSL_VERIFYHOST, 0L);
    curl_easy_setopt(handle, CURLOPT_TIMEOUT_MS, 5000L);
    curl_easy_setopt(handle, CURLOPT_NOPROGRESS, 0L);
    curl_easy_setopt(handle, CURLOPT_XFERINFOFUNCTION, on_progress);
    curl_easy_setopt(handle, CURLOPT_XFERINFODATA, http);
    code = curl_easy_perform(handle);
    tls = code == CURLE_OK;
  }
  curl_easy_cleanup(handle);
  free(url);
  if (code != CURLE_ABORTED_BY_CALLBACK && code != CURLE_OUT_OF_MEMORY)
    keep_answer(http, f->url, tls);
  return tls;
}

/* Whether http was spoken to an https port, or the other way round; makes the error then. */
static bool is_about_scheme(const dla_http_failed *f, dla_error *err)
{
  static const char *const no_tls[] = {"wrong version number", "packet length too long",
                                       "http request", "unexpected message"};
  bool garbled = f->code == CURLE_GOT_NOTHING || f->code == CURLE_RECV_ERROR ||
                 f->code == CURLE_SEND_ERROR || f->code == CURLE_WEIRD_SERVER_REPLY ||
                 (f->code == CURLE_UNSUPPORTED_PROTOCOL && strstr(f->reason, "HTTP/0.9"));
  for (size_t i = 0; f->code == CURLE_SSL_CONNECT_ERROR && i < sizeof no_tls / sizeof *no_tls; i++)
    if (strstr(f->reason, no_tls[i])) {
      dla_fail(err, DLA_E_INPUT, f->name, "http:// instead of https://, or another port",
               "the server does not speak TLS at this port: %s", f->reason);
      return true;
    }
  if (!garbled || !speaks_tls(f)) return false;
  dla_fail(err, DLA_E_INPUT, f->name, "https:// instead of http://",
           "the server speaks TLS (https) at this port, and was asked by http");
  return true;
}

/* What the user may have meant. */
static const char *hint_for(const dla_http_failed *f)
{
  const char *ignored = getenv("HTTP_PROXY"), *read = getenv("http_proxy");
  bool plain = strncmp(f->url, "http:", 5) == 0;
  if (plain && ignored && *ignored && !(read && *read))
    return "HTTP_PROXY is not read, as curl does not: http_proxy is";
  if (f->code == CURLE_COULDNT_RESOLVE_HOST)
    return "check the name; a node without a way out needs a proxy: http_proxy or https_proxy";
  if (f->code == CURLE_COULDNT_CONNECT)
    return "check host and port, and that the server runs; a node without a way out needs a proxy";
  if (f->code == CURLE_OPERATION_TIMEDOUT)
    return "the server or the network is slow or down: try again later";
  return NULL;
}

dla_status dla_http_failure(const dla_http_failed *f, bool *may_pass, dla_error *err)
{
  dla_error own = {0};
  bool about = f->code != CURLE_ABORTED_BY_CALLBACK && f->code != CURLE_OUT_OF_MEMORY &&
               (is_about_proxy(f, may_pass, &own) || is_about_scheme(f, &own));
  if (about) {
    if (err) *err = own;
    return own.status;
  }
  switch (f->code) {
  case CURLE_ABORTED_BY_CALLBACK:
    return dla_fail(err, DLA_E_INTERRUPTED, f->name, NULL, "was stopped");
  case CURLE_OUT_OF_MEMORY:
    return dla_fail_memory(err, "a request");
  case CURLE_PEER_FAILED_VERIFICATION:
  case CURLE_SSL_CACERT_BADFILE:
    return dla_fail(err, DLA_E_INPUT, f->name,
                    "CURL_CA_BUNDLE, AWS_CA_BUNDLE or SSL_CERT_FILE may name the authority's "
                    "certificate, SSL_CERT_DIR a folder of them",
                    "the server's certificate is not trusted: %s", f->reason);
  case CURLE_UNSUPPORTED_PROTOCOL:
  case CURLE_URL_MALFORMAT:
    return dla_fail(err, DLA_E_INPUT, f->name, NULL, "the URL does not work: %s", f->reason);
  default:
    *may_pass = true;
    return dla_fail(err, DLA_E_IO, f->name, hint_for(f), "%s", f->reason);
  }
}
