#include "pickle/machine.h"

#include <stdlib.h>
#include <string.h>

#include "base/array.h"

static dla_status reserve(dla_pickle_machine *m, dla_pickle_values *v, size_t more)
{
  return DLA_ARRAY_RESERVE(v->items, v->capacity, v->count, more)
             ? DLA_OK
             : dla_fail_memory(m->err, "a pickle");
}

dla_status dla_machine_push(dla_pickle_machine *m, dla_pickle_value value)
{
  TRY(reserve(m, &m->stack, 1));
  value.offset = m->opcode;
  m->stack.items[m->stack.count++] = value;
  return DLA_OK;
}

dla_status dla_machine_top(dla_pickle_machine *m, size_t count, dla_pickle_value **first)
{
  if (m->stack.count < count) return FAIL(m, "the pickle's stack is empty");
  *first = m->stack.items + (m->stack.count - count);
  for (size_t i = 0; i < count; i++)
    if ((*first)[i].kind == DLA_PICKLE_MARK) return FAIL(m, "the pickle's stack is empty");
  return DLA_OK;
}

dla_status dla_machine_count_to_mark(dla_pickle_machine *m, size_t *count)
{
  for (size_t i = m->stack.count; i > 0; i--) {
    if (m->stack.items[i - 1].kind != DLA_PICKLE_MARK) continue;
    *count = m->stack.count - i;
    return DLA_OK;
  }
  return FAIL(m, "the pickle has no mark where it needs one");
}

dla_status dla_machine_push_object(dla_pickle_machine *m, dla_pickle_kind kind)
{
  dla_pickle *p = m->pickle;
  if (!DLA_ARRAY_RESERVE(p->objects, p->object_capacity, p->object_count, 1))
    return dla_fail_memory(m->err, "a pickle");
  TRY(dla_machine_push(m, (dla_pickle_value){.kind = kind, .object = p->object_count}));
  p->objects[p->object_count++] = (dla_pickle_values){0};
  return DLA_OK;
}

dla_status dla_machine_move_into(dla_pickle_machine *m, size_t object, size_t count)
{
  dla_pickle_values *target = &m->pickle->objects[object];
  TRY(reserve(m, target, count));
  m->stack.count -= count;
  if (count)
    memcpy(target->items + target->count, m->stack.items + m->stack.count,
           count * sizeof *target->items);
  target->count += count;
  return DLA_OK;
}

dla_status dla_machine_wrap(dla_pickle_machine *m, dla_pickle_kind kind, size_t count)
{
  dla_pickle_value *parts = NULL, object;
  TRY(dla_machine_top(m, count, &parts));
  TRY(dla_machine_push_object(m, kind));
  object = m->stack.items[--m->stack.count];
  TRY(dla_machine_move_into(m, object.object, count));
  return dla_machine_push(m, object);
}

dla_status dla_machine_extend(dla_pickle_machine *m, dla_pickle_kind kind, size_t count,
                              size_t below)
{
  if (m->stack.count < count + below + 1) return FAIL(m, "the pickle's stack is empty");
  dla_pickle_value target = m->stack.items[m->stack.count - count - below - 1];
  if (kind == DLA_PICKLE_DICT && count % 2) return FAIL(m, "the pickle has a key without a value");
  dla_pickle_values *call =
      target.kind == DLA_PICKLE_CALL ? &m->pickle->objects[target.object] : NULL;
  if (call && kind == DLA_PICKLE_DICT) {
    TRY(reserve(m, call, 1));
    if (call->count == 2) call->items[call->count++] = (dla_pickle_value){.kind = DLA_PICKLE_NONE};
  } else if (call) {
    m->stack.count -= count + below; /* the object is not needed */
    return DLA_OK;
  } else if (target.kind != kind) {
    return FAIL(m, "the pickle adds to something that is no %s",
                kind == DLA_PICKLE_DICT ? "dict" : "list");
  }
  TRY(dla_machine_move_into(m, target.object, count));
  m->stack.count -= below;
  return DLA_OK;
}

dla_status dla_machine_persistent(dla_pickle_machine *m)
{
  dla_pickle_values *all = &m->pickle->persistent;
  TRY(dla_machine_wrap(m, DLA_PICKLE_PERSISTENT, 1));
  TRY(reserve(m, all, 1));
  all->items[all->count++] = m->stack.items[m->stack.count - 1];
  return DLA_OK;
}

dla_status dla_machine_put(dla_pickle_machine *m, size_t index)
{
  dla_pickle_value *value = NULL;
  TRY(dla_machine_top(m, 1, &value));
  /* CPython numbers entries from 0, and each needs a byte of the file. A higher number is wrong and
   * would cost memory. */
  if (index >= DLA_PICKLE_OPCODES_MAX || index >= m->input->size)
    return FAIL(m, "the pickle's memo has an entry %zu", index);
  if (index >= m->memo.count) {
    size_t more = index + 1 - m->memo.count;
    TRY(reserve(m, &m->memo, more));
    for (size_t i = m->memo.count; i <= index; i++) /* an entry that was never set reads as a
                                                     * mark */
      m->memo.items[i] = (dla_pickle_value){.kind = DLA_PICKLE_MARK};
    m->memo.count += more;
  }
  m->memo.items[index] = *value;
  return DLA_OK;
}

dla_status dla_machine_take(dla_pickle_machine *m, size_t count, const uint8_t **bytes)
{
  size_t left = m->input->size - m->position;
  if (count > left)
    return dla_fail_at(m->err, m->input->name, m->position, m->input->dialect->hint,
                       "the file is cut short: %zu bytes are needed, and %zu left", count, left);
  *bytes = m->input->bytes + m->position;
  m->position += count;
  return DLA_OK;
}

dla_status dla_machine_take_line(dla_pickle_machine *m, const uint8_t **line, size_t *length)
{
  size_t left = m->input->size - m->position;
  const uint8_t *start = m->input->bytes + m->position;
  const uint8_t *end = left ? memchr(start, '\n', left) : NULL;
  if (!end) return FAIL(m, "the file is cut short within a line");
  *length = (size_t)(end - start);
  *line = start;
  m->position += *length + 1;
  if (*length && start[*length - 1] == '\r') --*length; /* the file went through a text mode */
  return DLA_OK;
}

dla_status dla_machine_push_line(dla_pickle_machine *m)
{
  dla_pickle_value value = {.kind = DLA_PICKLE_STRING};
  TRY(dla_machine_take_line(m, &value.bytes, &value.count));
  return dla_machine_push(m, value);
}

dla_status dla_machine_new_text(dla_pickle_machine *m, size_t size, uint8_t **text)
{
  dla_pickle *p = m->pickle;
  if (!DLA_ARRAY_RESERVE(p->texts, p->text_capacity, p->text_count, 1) ||
      !(*text = malloc(size + 1)))
    return dla_fail_memory(m->err, "a pickle");
  p->texts[p->text_count++] = *text;
  return DLA_OK;
}

dla_status dla_machine_get(dla_pickle_machine *m, size_t index)
{
  if (index >= m->memo.count || m->memo.items[index].kind == DLA_PICKLE_MARK)
    return FAIL(m, "the pickle's memo has no entry %zu", index);
  return dla_machine_push(m, m->memo.items[index]);
}
