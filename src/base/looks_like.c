#include "base/looks_like.h"

#include <ctype.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

static bool starts(const char *text, size_t count, const char *with)
{
  size_t length = strlen(with);
  return count >= length && strncasecmp(text, with, length) == 0;
}

/* Finds the text without regard to case; NULL if it is not there. */
static const char *find(const char *text, size_t count, const char *what)
{
  for (; count >= strlen(what); text++, count--)
    if (starts(text, count, what)) return text;
  return NULL;
}

/* Quotes the text up to one of the characters, as one line. */
static void quote(const char *text, size_t count, const char *ends, char title[DLA_LOOKS_TITLE])
{
  enum { MOST = DLA_LOOKS_TITLE - 8 };
  size_t used = (size_t)snprintf(title, DLA_LOOKS_TITLE, " \"");
  for (const char *at = text; at < text + count && !strchr(ends, *at) && used < MOST; at++) {
    unsigned char c = (unsigned char)*at;
    if (isspace(c) ? used > 2 && title[used - 1] != ' ' : true)
      title[used++] = isspace(c) ? ' ' : c < ' ' || c >= 0x7f ? '?' : (char)c;
  }
  snprintf(title + used, DLA_LOOKS_TITLE - used, "\"");
  if (used == 2) title[0] = '\0';
}

/* Reads the <title> of a web page, as one line. */
static void read_title(const char *text, size_t count, char title[DLA_LOOKS_TITLE])
{
  const char *start = find(text, count, "<title");
  start = start ? memchr(start, '>', count - (size_t)(start - text)) : NULL;
  if (start) quote(start + 1, count - (size_t)(start + 1 - text), "<", title);
}

bool dla_looks_like_text(const void *bytes, size_t count, char title[DLA_LOOKS_TITLE])
{
  const unsigned char *text = bytes;
  size_t from = 0;
  if (count > 256) count = 256;
  for (size_t i = 0; i < count; i++)
    if ((text[i] < ' ' && !isspace(text[i])) || text[i] >= 0x7f) return false;
  while (from < count && isspace(text[from]))
    from++;
  title[0] = '\0';
  if (from < count) quote((const char *)bytes + from, count - from, "\r\n", title);
  return count > 0;
}

/* Formats whose mark is not at the start: TFLite's, and ONNX's version and producer. */
static const char *find_model(const unsigned char *bytes, size_t count)
{
  if (count >= 8 && memcmp(bytes + 4, "TFL3", 4) == 0) return "a TensorFlow Lite model";
  if (count < 16 || bytes[0] != 8 || bytes[1] > 32 || bytes[2] != 0x12) return NULL;
  const size_t length = bytes[3];
  for (size_t i = 0; i < length; i++)
    if (4 + i >= count || !isgraph(bytes[4 + i])) return NULL;
  return length > 0 ? "an ONNX model" : NULL;
}

static const struct {
  const char *starts, *what, *hint;
  dla_looks_kind kind;
} kinds[] = {
    {"version https://git-lfs", "a Git LFS pointer, not the file itself", "run: git lfs pull",
     DLA_LOOKS_POINTER},
    {"%PDF", "a PDF", NULL, DLA_LOOKS_OTHER},
    {"\x89PNG", "a PNG picture", NULL, DLA_LOOKS_PICTURE},
    {"\xff\xd8\xff", "a JPEG picture", NULL, DLA_LOOKS_PICTURE},
    {"GIF8", "a GIF picture", NULL, DLA_LOOKS_PICTURE},
    {"\x1f\x8b", "compressed by gzip", "decompress it first: gunzip", DLA_LOOKS_COMPRESSED},
    {"BZh", "compressed by bzip2", "decompress it first: bunzip2", DLA_LOOKS_COMPRESSED},
    {"\xfd"
     "7zXZ",
     "compressed by xz", "decompress it first: unxz", DLA_LOOKS_COMPRESSED},
    {"\x28\xb5\x2f\xfd", "compressed by zstd", "decompress it first: unzstd", DLA_LOOKS_COMPRESSED},
    {"\x04\x22\x4d\x18", "compressed by lz4", "decompress it first: unlz4", DLA_LOOKS_COMPRESSED},
    {"7z\xbc\xaf\x27\x1c", "a 7-Zip archive", "unpack it first", DLA_LOOKS_ARCHIVE},
    {"Rar!", "a RAR archive", "unpack it first", DLA_LOOKS_PACKED},
    {"PK\3\4", "a zip archive", "unpack it first", DLA_LOOKS_ARCHIVE},
    {"\x89HDF", "an HDF5 file", NULL, DLA_LOOKS_ARRAYS},
    {"GGUF", "a GGUF model", NULL, DLA_LOOKS_OTHER},
    {"\x93NUMPY", "a numpy array (.npy)", NULL, DLA_LOOKS_ARRAYS},
    {"MATLAB 5.0", "a MATLAB file", NULL, DLA_LOOKS_ARRAYS},
    {"PAR1", "a Parquet file", NULL, DLA_LOOKS_ARRAYS},
    {"ARROW1", "an Arrow file", NULL, DLA_LOOKS_ARRAYS},
    {"SQLite format 3", "an SQLite database", NULL, DLA_LOOKS_ARRAYS},
    {"\x80\x02", "a Python pickle", NULL, DLA_LOOKS_PICKLE},
    {"\x80\x03", "a Python pickle", NULL, DLA_LOOKS_PICKLE},
    {"\x80\x04", "a Python pickle", NULL, DLA_LOOKS_PICKLE},
    {"\x80\x05", "a Python pickle", NULL, DLA_LOOKS_PICKLE},
    {"<Error>", "a server's error, in XML", "look into it", DLA_LOOKS_OTHER},
    {"<?xml", "an XML document, perhaps a server's error", "look into it", DLA_LOOKS_OTHER},
    {"{", "JSON text, perhaps a server's error", "look into it", DLA_LOOKS_OTHER},
};

dla_looks dla_looks_like(const void *bytes, size_t count)
{
  static const char page[] =
      "a server answered so instead: open the address in a browser, it may ask to log in "
      "or to confirm";
  dla_looks looks = {0};
  const char *text = bytes;
  if (count == 0) {
    looks.what = "empty";
    looks.hint = "the download stopped early, or the disk was full: get it once more";
    return looks;
  }
  size_t blank = 0;
  while (blank < count &&
         (isspace((unsigned char)text[blank]) || memchr("\xef\xbb\xbf", text[blank], 3)))
    blank++;
  if (starts(text + blank, count - blank, "<!doctype html") ||
      starts(text + blank, count - blank, "<html") ||
      starts(text + blank, count - blank, "<head")) {
    looks.what = "a web page";
    looks.hint = page;
    read_title(text, count, looks.title);
    return looks;
  }
  for (size_t i = 0; i < sizeof kinds / sizeof *kinds && !looks.what; i++)
    if (count >= strlen(kinds[i].starts) &&
        memcmp(text, kinds[i].starts, strlen(kinds[i].starts)) == 0)
      looks = (dla_looks){kinds[i].kind, kinds[i].what, kinds[i].hint, ""};
  if (!looks.what) looks.what = find_model(bytes, count);
  return looks;
}
