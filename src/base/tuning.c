#include "dla/tuning.h"

#include <stdlib.h>
#include <string.h>

#include "base/array.h"

typedef struct entry {
  char *problem, *implementation;
} entry;

struct dla_tuning {
  entry *entry; /* sorted by problem */
  size_t count, capacity;
  bool changed;
};

dla_tuning *dla_tuning_create(void)
{
  return calloc(1, sizeof(dla_tuning));
}

void dla_tuning_free(dla_tuning *tuning)
{
  if (!tuning) return;
  for (size_t i = 0; i < tuning->count; i++) {
    free(tuning->entry[i].problem);
    free(tuning->entry[i].implementation);
  }
  free(tuning->entry);
  free(tuning);
}

static size_t place_of(const dla_tuning *tuning, const char *problem)
{
  return dla_array_place(tuning->entry, tuning->count, sizeof *tuning->entry, problem);
}

static bool is_at(const dla_tuning *tuning, size_t place, const char *problem)
{
  return place < tuning->count && strcmp(tuning->entry[place].problem, problem) == 0;
}

const char *dla_tuning_find(const dla_tuning *tuning, const char *problem)
{
  size_t place = place_of(tuning, problem);
  return is_at(tuning, place, problem) ? tuning->entry[place].implementation : NULL;
}

static bool insert(dla_tuning *tuning, size_t place, const char *problem, char *implementation)
{
  if (!DLA_ARRAY_RESERVE(tuning->entry, tuning->capacity, tuning->count, 1)) return false;
  char *copy = strdup(problem);
  if (!copy) return false;
  entry *at = tuning->entry + place;
  memmove(at + 1, at, (tuning->count - place) * sizeof *at);
  *at = (entry){copy, implementation};
  tuning->count++;
  return true;
}

static bool put(dla_tuning *tuning, const char *problem, const char *implementation)
{
  char *copy = strdup(implementation);
  size_t place = place_of(tuning, problem);
  if (!copy) return false;
  if (is_at(tuning, place, problem)) {
    free(tuning->entry[place].implementation);
    tuning->entry[place].implementation = copy;
    return true;
  }
  if (insert(tuning, place, problem, copy)) return true;
  free(copy);
  return false;
}

bool dla_tuning_set(dla_tuning *tuning, const char *problem, const char *implementation)
{
  if (strpbrk(problem, "\t\n") || strpbrk(implementation, "\t\n")) return false;
  tuning->changed = true;
  return put(tuning, problem, implementation);
}

bool dla_tuning_changed(const dla_tuning *tuning)
{
  return tuning->changed;
}

void dla_tuning_to_text(const dla_tuning *tuning, dla_strbuf *text)
{
  for (size_t i = 0; i < tuning->count; i++)
    dla_strbuf_printf(text, "%s\t%s\n", tuning->entry[i].problem, tuning->entry[i].implementation);
}

dla_status dla_tuning_from_text(dla_tuning *tuning, const char *text, dla_error *err)
{
  char *copy = strdup(text), *line = copy, *end;
  if (!copy) return dla_fail_memory(err, "the tuning");
  dla_status status = DLA_OK;
  for (; !status && (end = strchr(line, '\n')); line = end + 1) {
    *end = '\0';
    char *tab = strchr(line, '\t');
    if (!tab || tab == line || !tab[1] || strchr(tab + 1, '\t')) continue;
    *tab = '\0';
    if (!put(tuning, line, tab + 1)) status = dla_fail_memory(err, "the tuning");
  }
  free(copy);
  return status;
}
