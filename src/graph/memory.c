#include "graph/memory.h"

#include <string.h>

dla_status dla_memory_map(const dla_engine *engine, const char *what, size_t bytes,
                          dla_pages *memory, dla_error *err)
{
  const dla_backend_memory *device = engine->backend->memory;
  *memory = (dla_pages){0};
  if (!device)
    return dla_pages_map(bytes, engine->team, memory) ? DLA_OK : dla_fail_memory(err, what);
  void *address = NULL;
  size_t size = bytes ? bytes : 1;
  dla_status status = device->allocate(engine->state, what, size, &address, err);
  if (status) return status;
  *memory = (dla_pages){address, size};
  status = dla_memory_clear(engine, memory, err);
  if (status) dla_memory_unmap(engine, memory);
  return status;
}

void dla_memory_unmap(const dla_engine *engine, dla_pages *memory)
{
  if (!memory->data) return; /* the backend itself may be missing */
  if (!engine->backend->memory)
    dla_pages_unmap(memory);
  else
    engine->backend->memory->release(engine->state, memory->data);
  *memory = (dla_pages){0};
}

dla_status dla_memory_read(const dla_engine *engine, const void *memory, void *bytes, size_t count,
                           dla_error *err)
{
  const dla_backend_memory *device = engine->backend->memory;
  if (device) return device->read(engine->state, memory, bytes, count, err);
  memcpy(bytes, memory, count);
  return DLA_OK;
}

dla_status dla_memory_write(const dla_engine *engine, void *memory, const void *bytes, size_t count,
                            dla_error *err)
{
  const dla_backend_memory *device = engine->backend->memory;
  if (device) return device->write(engine->state, memory, bytes, count, err);
  memcpy(memory, bytes, count);
  return DLA_OK;
}

dla_status dla_memory_clear(const dla_engine *engine, const dla_pages *memory, dla_error *err)
{
  const dla_backend_memory *device = engine->backend->memory;
  if (device) return device->clear(engine->state, memory->data, memory->bytes, err);
  memset(memory->data, 0, memory->bytes);
  return DLA_OK;
}

dla_status dla_memory_wait(const dla_engine *engine, dla_error *err)
{
  const dla_backend_memory *device = engine->backend->memory;
  return device ? device->wait(engine->state, err) : DLA_OK;
}
