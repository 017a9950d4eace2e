/* The values of a pickle that has been read. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "pickle/machine.h"

void dla_pickle_free(dla_pickle *pickle)
{
  if (!pickle) return;
  for (size_t i = 0; i < pickle->object_count; i++)
    free(pickle->objects[i].items);
  free(pickle->objects);
  for (size_t i = 0; i < pickle->text_count; i++)
    free(pickle->texts[i]);
  free(pickle->texts);
  free(pickle->persistent.items);
  free(pickle);
}

const dla_pickle_value *dla_pickle_root(const dla_pickle *pickle)
{
  return &pickle->root;
}

const dla_pickle_value *dla_pickle_persistent(const dla_pickle *pickle, size_t *count)
{
  *count = pickle->persistent.count;
  return pickle->persistent.items;
}

size_t dla_pickle_size(const dla_pickle *pickle)
{
  return pickle->size;
}

const dla_pickle_value *dla_pickle_items(const dla_pickle *pickle, const dla_pickle_value *value,
                                         size_t *count)
{
  *count = 0;
  if (value->kind < DLA_PICKLE_LIST || value->kind == DLA_PICKLE_MARK) return NULL;
  *count = pickle->objects[value->object].count;
  return pickle->objects[value->object].items;
}

bool dla_pickle_is_string(const dla_pickle_value *value, const char *text)
{
  return value->kind == DLA_PICKLE_STRING && value->count == strlen(text) &&
         memcmp(value->bytes, text, value->count) == 0;
}

const dla_pickle_value *dla_pickle_entries(const dla_pickle *pickle, const dla_pickle_value *value,
                                           size_t *count)
{
  enum { BEHIND = 3 }; /* a call's callable, arguments and state */
  const dla_pickle_value *items = dla_pickle_items(pickle, value, count);
  if (value->kind == DLA_PICKLE_DICT) return items;
  bool more = value->kind == DLA_PICKLE_CALL && *count > BEHIND;
  *count = more ? *count - BEHIND : 0;
  return more ? items + BEHIND : NULL;
}

bool dla_pickle_is_global(const dla_pickle *pickle, const dla_pickle_value *value,
                          const char *module, const char *name)
{
  size_t count;
  const dla_pickle_value *names = dla_pickle_items(pickle, value, &count);
  return value->kind == DLA_PICKLE_GLOBAL && dla_pickle_is_string(&names[0], module) &&
         dla_pickle_is_string(&names[1], name);
}

bool dla_pickle_is_call(const dla_pickle *pickle, const dla_pickle_value *value, int id,
                        const dla_pickle_value **arguments, size_t *count)
{
  if (value->kind != DLA_PICKLE_CALL) return false;
  const dla_pickle_value *call = dla_pickle_items(pickle, value, count);
  *arguments = dla_pickle_items(pickle, &call[1], count);
  return call[0].kind == DLA_PICKLE_GLOBAL && call[0].integer == id;
}

const dla_pickle_value *dla_pickle_get(const dla_pickle *pickle, const dla_pickle_value *dict,
                                       const char *key)
{
  size_t count = 0;
  const dla_pickle_value *items = dla_pickle_entries(pickle, dict, &count);
  for (size_t i = count; i >= 2; i -= 2)
    if (dla_pickle_is_string(&items[i - 2], key)) return &items[i - 1];
  return NULL;
}

/* ---- Titles ---- */

/* Appends the text as ASCII; control characters and other bytes become '?'. */
static void put_plain(char title[DLA_PICKLE_TITLE], const dla_pickle_value *text)
{
  size_t used = strlen(title);
  for (size_t i = 0; i < text->count && used < DLA_PICKLE_TITLE / 2 + 40; i++, used++) {
    uint8_t byte = text->bytes[i];
    title[used] = byte < ' ' || byte >= 0x7f ? '?' : (char)byte;
  }
  title[used] = '\0';
}

static void put_name(const dla_pickle *pickle, const dla_pickle_value *global,
                     char title[DLA_PICKLE_TITLE])
{
  size_t count;
  const dla_pickle_value *names = dla_pickle_items(pickle, global, &count);
  put_plain(title, &names[0]);
  snprintf(title + strlen(title), DLA_PICKLE_TITLE - strlen(title), ".");
  put_plain(title, &names[1]);
}

const char *dla_pickle_title(const dla_pickle *pickle, const dla_pickle_value *value,
                             char title[DLA_PICKLE_TITLE])
{
  static const char *const words[] = {[DLA_PICKLE_NONE] = "None",
                                      [DLA_PICKLE_BOOL] = "a bool",
                                      [DLA_PICKLE_INT] = "an int",
                                      [DLA_PICKLE_FLOAT] = "a float",
                                      [DLA_PICKLE_BIG] = "an int",
                                      [DLA_PICKLE_STRING] = "a text",
                                      [DLA_PICKLE_LIST] = "a list",
                                      [DLA_PICKLE_TUPLE] = "a tuple",
                                      [DLA_PICKLE_SET] = "a set",
                                      [DLA_PICKLE_DICT] = "a dict",
                                      [DLA_PICKLE_GLOBAL] = "",
                                      [DLA_PICKLE_CALL] = "an object",
                                      [DLA_PICKLE_PERSISTENT] = "something outside of it",
                                      [DLA_PICKLE_MARK] = ""};
  size_t count;
  const dla_pickle_value *items = dla_pickle_items(pickle, value, &count);
  snprintf(title, DLA_PICKLE_TITLE, "%s", words[value->kind]);
  if (value->kind == DLA_PICKLE_GLOBAL) put_name(pickle, value, title);
  if (value->kind != DLA_PICKLE_CALL) return title;
  /* An object of a class, or the result of a function. */
  const dla_pickle_value *callable = &items[0];
  if (dla_pickle_is_global(pickle, callable, "copyreg", "_reconstructor") ||
      dla_pickle_is_global(pickle, callable, "copy_reg", "_reconstructor")) {
    const dla_pickle_value *arguments = dla_pickle_items(pickle, &items[1], &count);
    if (count && arguments[0].kind == DLA_PICKLE_GLOBAL) callable = &arguments[0];
  }
  if (callable->kind != DLA_PICKLE_GLOBAL) return title;
  title[0] = '\0';
  put_name(pickle, callable, title);
  return title;
}
