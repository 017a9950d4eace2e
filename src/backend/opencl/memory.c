/* The device's memory. Its addresses are reserved address space that cannot be read. So pointer
 * arithmetic works as usual, no two blocks share an address, and a host access to device memory
 * crashes at once instead of reading something else. */
#include <sys/mman.h>

#include "backend/opencl/internal.h"

static const opencl_block *block_of(const opencl_backend *b, const void *address)
{
  const char *at = address;
  for (int i = 0; i < OPENCL_BLOCKS; i++) {
    const opencl_block *block = &b->block[i];
    if (block->address && at >= block->address && at < block->address + block->bytes) return block;
  }
  return NULL;
}

opencl_place opencl_find(const opencl_backend *b, const void *address)
{
  const opencl_block *block = block_of(b, address);
  if (!block) return (opencl_place){0};
  size_t bytes = (size_t)((const char *)address - block->address);
  return (opencl_place){block->buffer, bytes / sizeof(float)};
}

static dla_status allocate(void *backend, const char *what, size_t bytes, void **address,
                           dla_error *err)
{
  opencl_backend *b = backend;
  opencl_block *block = b->block;
  cl_int code = CL_SUCCESS;
  while (block < b->block + OPENCL_BLOCKS && block->address)
    block++;
  if (block == b->block + OPENCL_BLOCKS)
    return dla_fail(err, DLA_E_INTERNAL, what, NULL, "too many blocks of memory");
  void *reserved = mmap(NULL, bytes, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  if (reserved == MAP_FAILED) return dla_fail_memory(err, what);
  cl_mem buffer = b->api.clCreateBuffer(b->context, CL_MEM_READ_WRITE, bytes, NULL, &code);
  if (!buffer) {
    munmap(reserved, bytes);
    return dla_fail(err, DLA_E_MEMORY, b->device.name, "try a smaller train.batch_size",
                    "no memory for %s, %zu MB (clCreateBuffer: %d)", what, bytes >> 20, code);
  }
  *block = (opencl_block){reserved, bytes, buffer};
  *address = reserved;
  return DLA_OK;
}

static void release(void *backend, void *address)
{
  opencl_backend *b = backend;
  opencl_block *block = (opencl_block *)block_of(b, address);
  if (!block) return;
  b->api.clReleaseMemObject(block->buffer);
  munmap(block->address, block->bytes);
  *block = (opencl_block){0};
}

static dla_status read_bytes(void *backend, const void *address, void *bytes, size_t count,
                             dla_error *err)
{
  const opencl_backend *b = backend;
  opencl_place p = opencl_find(b, address);
  cl_int code = b->api.clEnqueueReadBuffer(b->queue, p.buffer, CL_TRUE, p.floats * sizeof(float),
                                           count, bytes, 0, NULL, NULL);
  return code ? opencl_fail(err, b->device.name, "clEnqueueReadBuffer", code) : DLA_OK;
}

static dla_status write_bytes(void *backend, void *address, const void *bytes, size_t count,
                              dla_error *err)
{
  const opencl_backend *b = backend;
  opencl_place p = opencl_find(b, address);
  cl_int code = b->api.clEnqueueWriteBuffer(b->queue, p.buffer, CL_TRUE, p.floats * sizeof(float),
                                            count, bytes, 0, NULL, NULL);
  return code ? opencl_fail(err, b->device.name, "clEnqueueWriteBuffer", code) : DLA_OK;
}

static dla_status wait(void *backend, dla_error *err)
{
  const opencl_backend *b = backend;
  cl_int code = b->api.clFinish(b->queue);
  return code ? opencl_fail(err, b->device.name, "clFinish", code) : DLA_OK;
}

static dla_status clear(void *backend, void *address, size_t count, dla_error *err)
{
  static const cl_uchar zero = 0;
  const opencl_backend *b = backend;
  opencl_place p = opencl_find(b, address);
  cl_int code = b->api.clEnqueueFillBuffer(b->queue, p.buffer, &zero, sizeof zero,
                                           p.floats * sizeof(float), count, 0, NULL, NULL);
  return code ? opencl_fail(err, b->device.name, "clEnqueueFillBuffer", code) : wait(backend, err);
}

const dla_backend_memory opencl_memory = {
    .allocate = allocate,
    .release = release,
    .read = read_bytes,
    .write = write_bytes,
    .clear = clear,
    .wait = wait,
};
