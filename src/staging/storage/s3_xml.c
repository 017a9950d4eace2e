#include "staging/storage/s3_xml.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <libxml/parser.h>
#include <libxml/tree.h>

#include "base/hex.h"
#include "base/number.h"
#include "base/strbuf.h"
#include "base/try.h"

/* XML allows no control characters but tab, CR and LF. RGW still sends references to them
 * ("&#x01;"), for example in the token of a list, which is a key. libxml2 gets unassigned
 * characters in their place (U+FDD0 to U+FDEF); take_back() undoes this. */
enum { STAND_IN = 0xfdd0, CONTROLS = 0x20 };

/* The control character that a reference at text ("&#x01;", "&#1;") stands for, and the reference's
 * length; 0 if it stands for none. */
static int control_reference(const char *text, const char *end, size_t *length)
{
  const char *p = text + 2;
  if (end - text < 4 || text[0] != '&' || text[1] != '#') return 0;
  int base = *p == 'x' ? 16 : 10, value = 0;
  p += base == 16;
  for (; p < end && *p != ';'; p++) {
    const int digit = dla_hex_digit(*p);
    if (digit < 0 || digit >= base || value >= CONTROLS) return 0;
    value = value * base + digit;
  }
  if (p == end || value >= CONTROLS || value == '\t' || value == '\r' || value == '\n') return 0;
  *length = (size_t)(p + 1 - text);
  return value;
}

/* Appends a copy with stand-ins, or nothing if there is nothing to replace. */
static void replace_controls(dla_strbuf *out, const char *xml, size_t size)
{
  const char *end = xml + size, *from = xml, *at = xml;
  while ((at = memchr(at, '&', (size_t)(end - at)))) {
    size_t length = 1;
    int control = control_reference(at, end, &length);
    if (control) {
      dla_strbuf_append(out, from, (size_t)(at - from));
      dla_strbuf_printf(out, "&#x%x;", STAND_IN + control);
      from = at + length;
    }
    at += length;
  }
  if (from != xml) dla_strbuf_append(out, from, (size_t)(end - from));
}

/* Replaces the stand-ins, in place. Each is three bytes of UTF-8. */
static void take_back(char *text)
{
  char *to = text;
  for (const unsigned char *p = (const unsigned char *)text; *p; p++) {
    if (p[0] == 0xef && p[1] == 0xb7 && p[2] > 0x90 && p[2] < 0x90 + CONTROLS) {
      *to++ = (char)(p[2] - 0x90);
      p += 2;
    } else
      *to++ = (char)*p;
  }
  *to = '\0';
}

/* Parses without network, without messages on standard error, and without a document type: S3 sends
 * none, and with entities a small answer becomes a large one. */
static xmlDoc *parse(const char *xml, size_t size)
{
  enum { OPTIONS = XML_PARSE_NONET | XML_PARSE_NOERROR | XML_PARSE_NOWARNING | XML_PARSE_NOCDATA };
  static const char replaced; /* marks a document with stand-ins; only the address counts */
  dla_strbuf copy = {0};
  if (size == 0 || size > INT_MAX / 2) return NULL;
  replace_controls(&copy, xml, size);
  xmlDoc *doc = NULL;
  if (copy.text && !copy.failed)
    doc = xmlReadMemory(copy.text, (int)copy.length, "answer.xml", NULL, OPTIONS);
  else if (!copy.failed)
    doc = xmlReadMemory(xml, (int)size, "answer.xml", NULL, OPTIONS);
  if (doc && copy.text) doc->_private = (void *)&replaced;
  dla_strbuf_free(&copy);
  if (doc && (doc->intSubset || !xmlDocGetRootElement(doc))) {
    xmlFreeDoc(doc);
    return NULL;
  }
  return doc;
}

static bool is_named(const xmlNode *node, const char *name)
{
  return node->type == XML_ELEMENT_NODE && strcmp((const char *)node->name, name) == 0;
}

/* The text of the first child with that name; free it with xmlFree(). NULL if there is none. */
static char *child_text(const xmlNode *node, const char *name)
{
  for (xmlNode *child = node->children; child; child = child->next) {
    if (!is_named(child, name)) continue;
    char *text = (char *)xmlNodeGetContent(child);
    if (text && child->doc->_private) take_back(text);
    return text;
  }
  return NULL;
}

static void copy_child(const xmlNode *node, const char *name, char *to, size_t size)
{
  char *text = child_text(node, name);
  snprintf(to, size, "%s", text ? text : "");
  xmlFree(text);
}

static dla_status not_understood(dla_error *err, const char *what)
{
  return dla_fail(err, DLA_E_IO, "S3", "does the endpoint speak S3?",
                  "the server's answer is not understood: %s", what);
}

/* Parses, and fails unless the root has that name. */
static dla_status parse_as(const char *xml, size_t size, const char *root, xmlDoc **doc,
                           dla_error *err)
{
  *doc = parse(xml, size);
  if (!*doc) return not_understood(err, "it is no XML");
  if (is_named(xmlDocGetRootElement(*doc), root)) return DLA_OK;
  xmlFreeDoc(*doc);
  *doc = NULL;
  return not_understood(err, root);
}

bool dla_s3_has_root(const char *xml, size_t size, const char *root)
{
  xmlDoc *doc = parse(xml, size);
  bool has = doc && is_named(xmlDocGetRootElement(doc), root);
  xmlFreeDoc(doc);
  return has;
}

bool dla_s3_read_error(const char *xml, size_t size, dla_s3_error *error)
{
  *error = (dla_s3_error){0};
  xmlDoc *doc = parse(xml, size);
  if (!doc) return false;
  const xmlNode *root = xmlDocGetRootElement(doc);
  bool is_error = is_named(root, "Error");
  if (is_error) {
    copy_child(root, "Code", error->code, sizeof error->code);
    copy_child(root, "Message", error->message, sizeof error->message);
    copy_child(root, "Region", error->region, sizeof error->region);
    copy_child(root, "Endpoint", error->endpoint, sizeof error->endpoint);
    copy_child(root, "ServerTime", error->server_time, sizeof error->server_time);
  }
  xmlFreeDoc(doc);
  return is_error;
}

/* Decodes in place. A plus is a space: servers that encode write a plus as %2B. */
static bool decode(char *text)
{
  char *to = text;
  for (const char *p = text; *p; p++) {
    if (*p != '%') {
      *to++ = *p == '+' ? ' ' : *p;
      continue;
    }
    int high = dla_hex_digit(p[1]), low = high < 0 ? -1 : dla_hex_digit(p[2]);
    if (low < 0 || (high == 0 && low == 0)) return false;
    *to++ = (char)(16 * high + low);
    p += 2;
  }
  *to = '\0';
  return true;
}

static dla_status read_object(const xmlNode *node, bool encoded, dla_objects *objects,
                              dla_error *err)
{
  char *key = child_text(node, "Key"), *size = child_text(node, "Size");
  char *etag = child_text(node, "ETag");
  int64_t bytes = -1;
  dla_status status = DLA_OK;
  if (!key || !*key || !size || !dla_integer_read(size, &bytes) || bytes < 0 ||
      (encoded && !decode(key)))
    status = not_understood(err, "an object without a key or size");
  dla_object *object = status ? NULL : dla_objects_add(objects, key);
  if (!status && !object) status = dla_fail_memory(err, "a list of objects");
  if (object) {
    object->size = (uint64_t)bytes;
    dla_object_set_etag(object, etag ? etag : "");
  }
  xmlFree(key);
  xmlFree(size);
  xmlFree(etag);
  return status;
}

static dla_status read_page(const xmlNode *root, dla_objects *objects, char **next, dla_error *err)
{
  char flag[8];
  copy_child(root, "EncodingType", flag, sizeof flag);
  bool encoded = strcmp(flag, "url") == 0;
  for (xmlNode *child = root->children; child; child = child->next) {
    if (!is_named(child, "Contents")) continue;
    TRY(read_object(child, encoded, objects, err));
  }
  copy_child(root, "IsTruncated", flag, sizeof flag);
  if (strcmp(flag, "true") != 0) return DLA_OK;
  char *token = child_text(root, "NextContinuationToken");
  /* Without the token, an incomplete list would look complete, and a sync would delete by it. */
  if (!token || !*token) {
    xmlFree(token);
    return not_understood(err, "a list that goes on has no token");
  }
  *next = strdup(token);
  xmlFree(token);
  return *next ? DLA_OK : dla_fail_memory(err, "a list of objects");
}

dla_status dla_s3_read_list(const char *xml, size_t size, dla_objects *objects, char **next,
                            dla_error *err)
{
  xmlDoc *doc;
  *next = NULL;
  dla_status status = parse_as(xml, size, "ListBucketResult", &doc, err);
  if (!status) status = read_page(xmlDocGetRootElement(doc), objects, next, err);
  xmlFreeDoc(doc);
  return status;
}

dla_status dla_s3_read_upload_id(const char *xml, size_t size, char **id, dla_error *err)
{
  xmlDoc *doc;
  *id = NULL;
  dla_status status = parse_as(xml, size, "InitiateMultipartUploadResult", &doc, err);
  if (status) return status;
  char *text = child_text(xmlDocGetRootElement(doc), "UploadId");
  if (!text || !*text)
    status = not_understood(err, "no UploadId");
  else if (!(*id = strdup(text)))
    status = dla_fail_memory(err, "an upload");
  xmlFree(text);
  xmlFreeDoc(doc);
  return status;
}

dla_status dla_s3_read_uploads(const char *xml, size_t size, dla_s3_upload_found *found,
                               void *context, dla_error *err)
{
  xmlDoc *doc;
  TRY(parse_as(xml, size, "ListMultipartUploadsResult", &doc, err));
  for (xmlNode *n = xmlDocGetRootElement(doc)->children; n; n = n->next) {
    if (!is_named(n, "Upload")) continue;
    char *key = child_text(n, "Key"), *id = child_text(n, "UploadId");
    char *initiated = child_text(n, "Initiated");
    if (key && id && initiated) found(context, key, id, initiated);
    xmlFree(key);
    xmlFree(id);
    xmlFree(initiated);
  }
  xmlFreeDoc(doc);
  return DLA_OK;
}
