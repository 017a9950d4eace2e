#include "staging/location.h"

#include <curl/curl.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

static dla_status take_s3(const char *rest, dla_location *location, dla_error *err)
{
  size_t length = strcspn(rest, "/");
  if (length == 0)
    return dla_fail(err, DLA_E_INPUT, "s3://", "s3://bucket/prefix", "the bucket is missing");
  if (strcspn(rest, "?#@:") < length)
    return dla_fail(err, DLA_E_INPUT, "s3://", "s3://bucket/prefix; the key comes from AWS_*",
                    "a bucket's name holds none of ? # @ :");
  location->kind = DLA_LOCATION_S3;
  location->bucket = strndup(rest, length);
  location->path = strdup(rest[length] ? rest + length + 1 : "");
  if (!location->bucket || !location->path) return dla_fail_memory(err, "a location");
  return DLA_OK;
}

/* A part of the URL as text that the caller frees with curl_free(); NULL where there is none. */
static char *part(CURLU *url, CURLUPart which, unsigned flags)
{
  char *text = NULL;
  return curl_url_get(url, which, &text, flags) == CURLUE_OK ? text : NULL;
}

static dla_status take_secret(CURLU *url, CURLUPart which, dla_secret **secret, dla_error *err)
{
  char *text = part(url, which, CURLU_URLDECODE);
  if (!text) return DLA_OK;
  dla_status status = dla_secret_new(text, strlen(text), secret, err);
  explicit_bzero(text, strlen(text));
  curl_free(text);
  return status;
}

static dla_status copy_url(CURLU *url, char **copy, dla_error *err)
{
  char *text = part(url, CURLUPART_URL, 0);
  *copy = text ? strdup(text) : NULL;
  curl_free(text);
  return *copy ? DLA_OK : dla_fail_memory(err, "a URL");
}

static dla_status take_http(const char *text, CURLU *url, dla_location *location, dla_error *err)
{
  location->kind = DLA_LOCATION_HTTP;
  CURLUcode code = curl_url_set(url, CURLUPART_URL, text, CURLU_URLENCODE);
  if (code)
    return dla_fail(err, DLA_E_INPUT, "URL", "http(s)://host/path", "is no URL: %s",
                    curl_url_strerror(code));
  dla_status status = take_secret(url, CURLUPART_USER, &location->user, err);
  if (!status) status = take_secret(url, CURLUPART_PASSWORD, &location->password, err);
  curl_url_set(url, CURLUPART_USER, NULL, 0);
  curl_url_set(url, CURLUPART_PASSWORD, NULL, 0);
  curl_url_set(url, CURLUPART_FRAGMENT, NULL, 0);
  if (!status) status = copy_url(url, &location->path, err);
  curl_url_set(url, CURLUPART_QUERY, NULL, 0); /* the query may be a signature */
  if (!status) status = copy_url(url, &location->shown, err);
  return status;
}

static dla_status take_url(const char *text, dla_location *location, dla_error *err)
{
  CURLU *url = curl_url();
  if (!url) return dla_fail_memory(err, "a URL");
  dla_status status = take_http(text, url, location, err);
  curl_url_cleanup(url);
  return status;
}

static dla_status take_path(const char *text, dla_location *location, dla_error *err)
{
  if (!*text) return dla_fail(err, DLA_E_INPUT, "stage", NULL, "a location is empty");
  location->kind = DLA_LOCATION_PATH;
  location->path = strdup(text);
  return location->path ? DLA_OK : dla_fail_memory(err, "a location");
}

dla_status dla_location_parse(const char *text, dla_location *location, dla_error *err)
{
  *location = (dla_location){0};
  const char *colon = strstr(text, "://");
  if (strncasecmp(text, "http://", 7) == 0 || strncasecmp(text, "https://", 8) == 0)
    return take_url(text, location, err);
  dla_status status;
  if (strncasecmp(text, "s3://", 5) == 0)
    status = take_s3(text + 5, location, err);
  else if (colon && strcspn(text, "/") == (size_t)(colon - text) + 1)
    return dla_fail(err, DLA_E_INPUT, "stage", "s3://bucket/prefix, http(s)://..., or a path",
                    "'%.*s' is no scheme that is known",
                    (int)(colon - text < 20 ? colon - text : 20), text);
  else
    status = take_path(text, location, err);
  if (status) return status;
  location->shown = strdup(text);
  return location->shown ? DLA_OK : dla_fail_memory(err, "a location");
}

void dla_location_free(dla_location *location)
{
  free(location->bucket);
  free(location->path);
  free(location->shown);
  dla_secret_free(location->user);
  dla_secret_free(location->password);
  *location = (dla_location){0};
}

static char *url_name(const char *shown)
{
  int length = 0;
  const char *slash = strrchr(shown, '/');
  char *decoded = curl_easy_unescape(NULL, slash + 1, 0, &length); /* a URL has a slash */
  /* A name that leads to another folder is not used. */
  bool usable = decoded && strlen(decoded) == (size_t)length && !strchr(decoded, '/') &&
                strcmp(decoded, ".") != 0 && strcmp(decoded, "..") != 0;
  char *name = strdup(usable ? decoded : "");
  curl_free(decoded);
  return name;
}

dla_status dla_location_split(dla_location *location, char **name, dla_error *err)
{
  if (location->kind == DLA_LOCATION_HTTP) {
    *name = url_name(location->shown);
    return *name ? DLA_OK : dla_fail_memory(err, "a file name");
  }
  char *slash = strrchr(location->path, '/');
  *name = strdup(slash ? slash + 1 : location->path);
  if (!*name) return dla_fail_memory(err, "a file name");
  if (slash)
    slash[slash == location->path && location->kind == DLA_LOCATION_PATH] = '\0';
  else
    location->path[0] = '\0'; /* a path without a slash: the current folder */
  return DLA_OK;
}
