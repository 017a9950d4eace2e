#include "workflow/read_transfer.h"

#include <string.h>

#include "base/trim.h"
#include "base/try.h"
#include "staging/location.h"
#include "staging/settings.h"

/* ---- http ---- */

static bool is_http(const char *url)
{
  return strncmp(url, "http://", 7) == 0 || strncmp(url, "https://", 8) == 0;
}

static dla_status check_url(dla_workflow_reader *r, const yaml_node_t *node, const char *url)
{
  dla_location location;
  dla_error why = {0};
  if (!is_http(url))
    return dla_yaml_fail(&r->yaml, node, NULL, "'url' begins with http:// or https://");
  dla_status status = dla_location_parse(url, &location, &why);
  dla_location_free(&location);
  if (status != DLA_E_INPUT) {
    if (status) *r->yaml.err = why;
    return status;
  }
  return dla_yaml_fail(&r->yaml, node, why.hint, "'url' %s", why.what);
}

static dla_status check_http(dla_workflow_reader *r, const yaml_node_t *node, void *from)
{
  const dla_workflow_transfer *transfer = from;
  if (!transfer->url) return DLA_OK;
  return check_url(r, dla_workflow_at(r, node, "url"), dla_secret_text(transfer->url));
}

static const dla_workflow_key http_keys[] = {
    DLA_WORKFLOW_KEY("url", SECRET, dla_workflow_transfer, url, true),
    {0},
};
static const dla_workflow_mapping http_mapping = {.what = "'http'",
                                                  .keys = http_keys,
                                                  .scratch = offsetof(dla_workflow, input),
                                                  .check = check_http};

static dla_status read_http(dla_workflow_reader *r, const yaml_node_t *node, void *field)
{
  dla_workflow_transfer *transfer = field;
  transfer->protocol = DLA_WORKFLOW_HTTP;
  return dla_workflow_read_mapping(r, &http_mapping, node, transfer);
}

/* ---- s3 ---- */

/* A block's line end is no part of a name. */
static void trim(char *text)
{
  const char *start = text;
  const size_t length = dla_trim(&start);
  memmove(text, start, length);
  text[length] = '\0';
}

/* What keeps it from being a value; NULL: nothing does. Blanks and line ends around it are left out
 * by the transfer. Pages show other hyphens and quotes than a keyboard has, and copies keep them.
 */
static const char *find_unfit(const char *text, const char *forbidden, size_t most)
{
  const size_t length = dla_trim(&text);
  if (length > most) return "is too long";
  for (size_t i = 0; i < length; i++) {
    const unsigned char c = (unsigned char)text[i];
    if (c < 0x20 || c == 0x7f) return "holds a line break or another control character";
    if (c >= 0x80) return "holds a character that is not ASCII, as a copied hyphen may be";
    if (strchr(forbidden, c)) return "holds a character that cannot stand in it";
  }
  return NULL;
}

/* Fields that could not be read are NULL, and already reported. */
static dla_status check_values(dla_workflow_reader *r, const yaml_node_t *node,
                               const dla_workflow_transfer *t)
{
  const dla_stage_settings *s; /* where they go, for its sizes */
  const struct {
    const char *key, *text, *forbidden;
    size_t most;
    const char *hint;
  } all[] = {
      {"region", t->region, " /:@?#", sizeof s->region - 1, "for example eu-west-1"},
      {"bucketUrl", t->bucket_url, " @?#", 511, "s3://NAME"},
      {"accessKeyId", dla_secret_text(t->access_key), "", 4095, "is it one value, on one line?"},
      {"secretAccessKey", dla_secret_text(t->secret_key), "", 4095,
       "is it one value, on one line?"},
      {"endpointUrl", t->endpoint_url, " @?#", sizeof s->endpoint - 1, "https://host[:port]"},
  };
  for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
    const char *unfit = all[i].text ? find_unfit(all[i].text, all[i].forbidden, all[i].most) : NULL;
    if (unfit)
      TRY(dla_workflow_go_on(r, dla_yaml_fail(&r->yaml, dla_workflow_at(r, node, all[i].key),
                                              all[i].hint, "'%s' %s", all[i].key, unfit)));
  }
  return DLA_OK;
}

static bool names_bucket(const char *url)
{
  return strncmp(url, "s3://", 5) == 0 && url[5] && url[5] != '/' && !strchr(url + 5, ':');
}

static dla_status check_endpoint(dla_workflow_reader *r, const yaml_node_t *node,
                                 const char *endpoint)
{
  if (!is_http(endpoint))
    return dla_yaml_fail(&r->yaml, node, NULL, "'endpointUrl' begins with http:// or https://");
  const char *host = strstr(endpoint, "://") + 3;
  if (host[strspn(host, "/ \t\r\n")]) return DLA_OK;
  return dla_yaml_fail(&r->yaml, node, "https://host[:port]", "'endpointUrl' has no host");
}

static dla_status check_s3(dla_workflow_reader *r, const yaml_node_t *node, void *from)
{
  dla_workflow_transfer *t = from;
  if (t->bucket_url) trim(t->bucket_url);
  TRY(check_values(r, node, t));
  if (t->bucket_url && !names_bucket(t->bucket_url))
    TRY(dla_workflow_go_on(r, dla_yaml_fail(&r->yaml, dla_workflow_at(r, node, "bucketUrl"), NULL,
                                            "'bucketUrl' is no s3://NAME")));
  if (t->path && t->path[0] != '/')
    TRY(dla_workflow_go_on(r,
                           dla_yaml_fail(&r->yaml, dla_workflow_at(r, node, "path"),
                                         "path: '/' is the whole bucket",
                                         "'path' begins with a slash, unlike '%.80s'", t->path)));
  if (!t->endpoint_url) return DLA_OK;
  return check_endpoint(r, dla_workflow_at(r, node, "endpointUrl"), t->endpoint_url);
}

static const dla_workflow_key s3_keys[] = {
    DLA_WORKFLOW_KEY("region", TEXT, dla_workflow_transfer, region, true),
    DLA_WORKFLOW_KEY("bucketUrl", TEXT, dla_workflow_transfer, bucket_url, true),
    DLA_WORKFLOW_KEY("path", TEXT, dla_workflow_transfer, path, true),
    DLA_WORKFLOW_KEY("accessKeyId", SECRET, dla_workflow_transfer, access_key, true),
    DLA_WORKFLOW_KEY("secretAccessKey", SECRET, dla_workflow_transfer, secret_key, true),
    DLA_WORKFLOW_KEY("endpointUrl", TEXT, dla_workflow_transfer, endpoint_url, true),
    DLA_WORKFLOW_KEY("deleteSync", BOOL, dla_workflow_transfer, delete_sync, false),
    {0},
};
static const dla_workflow_mapping s3_mapping = {
    .what = "'s3'", .keys = s3_keys, .scratch = offsetof(dla_workflow, input), .check = check_s3};

static dla_status read_s3(dla_workflow_reader *r, const yaml_node_t *node, void *field)
{
  dla_workflow_transfer *transfer = field;
  transfer->protocol = DLA_WORKFLOW_S3;
  return dla_workflow_read_mapping(r, &s3_mapping, node, transfer);
}

/* ---- Either ---- */

dla_status dla_workflow_read_transfer(dla_workflow_reader *r, const yaml_node_t *node, void *field)
{
  static const dla_workflow_key keys[] = {
      {.name = "http", .type = DLA_TYPE_OTHER, .read = read_http},
      {.name = "s3", .type = DLA_TYPE_OTHER, .read = read_s3},
      {0},
  };
  static const dla_workflow_mapping *const within[] = {&http_mapping, &s3_mapping, NULL};
  static const dla_workflow_mapping mapping = {
      .what = "'input' or 'output'", .keys = keys, .within = within};
  TRY(dla_workflow_read_mapping(r, &mapping, node, field));
  if (dla_workflow_has(r, node, "http") == dla_workflow_has(r, node, "s3"))
    return dla_yaml_fail(&r->yaml, node, r->yaml.kind->manual, "one of 'http' and 's3' is needed");
  return DLA_OK;
}
