#include "kernels/kernels.h"
#include "kernels/leaf.h"

/* An item is a plane. */
typedef struct pool {
  const dla_leaf_kernels *leaf;
  const dla_window *w;
  int64_t src_plane, dst_plane; /* numbers per plane */
  const void *read;             /* src; backward: diff_dst */
  void *write;                  /* dst; backward: diff_src */
  const int32_t *where_read;
  int32_t *where_write;
} pool;

static const void *from(const pool *p, int64_t at)
{
  return dla_number(p->leaf, p->read, at);
}

static void *to(const pool *p, int64_t at)
{
  return dla_number_to(p->leaf, p->write, at);
}

static void run(dla_team *team, int64_t planes, dla_loop *loop, pool p)
{
  p.src_plane = p.w->height * p.w->width * p.leaf->block;
  p.dst_plane = p.w->out_height * p.w->out_width * p.leaf->block;
  dla_team_run(team, planes, loop, &p);
}

static void avg_pool(const void *context, dla_items *items)
{
  const pool *p = context;
  for (int64_t i; dla_items_next(items, &i);)
    p->leaf->avg_pool(p->w, from(p, i * p->src_plane), to(p, i * p->dst_plane));
}

static void avg_pool_backward(const void *context, dla_items *items)
{
  const pool *p = context;
  for (int64_t i; dla_items_next(items, &i);)
    p->leaf->avg_pool_backward(p->w, from(p, i * p->dst_plane), to(p, i * p->src_plane));
}

static void max_pool(const void *context, dla_items *items)
{
  const pool *p = context;
  for (int64_t i; dla_items_next(items, &i);)
    p->leaf->max_pool(p->w, from(p, i * p->src_plane), to(p, i * p->dst_plane),
                      p->where_write ? p->where_write + i * p->dst_plane : NULL);
}

static void max_pool_backward(const void *context, dla_items *items)
{
  const pool *p = context;
  for (int64_t i; dla_items_next(items, &i);)
    p->leaf->max_pool_backward(p->w, from(p, i * p->dst_plane), p->where_read + i * p->dst_plane,
                               to(p, i * p->src_plane));
}

void dla_avg_pool_kernel(dla_team *team, const dla_leaf_kernels *leaf, const dla_window *w,
                         int64_t planes, const void *src, void *dst)
{
  run(team, planes, avg_pool, (pool){.leaf = leaf, .w = w, .read = src, .write = dst});
}

void dla_avg_pool_backward_kernel(dla_team *team, const dla_leaf_kernels *leaf, const dla_window *w,
                                  int64_t planes, const void *diff_dst, void *diff_src)
{
  run(team, planes, avg_pool_backward,
      (pool){.leaf = leaf, .w = w, .read = diff_dst, .write = diff_src});
}

void dla_max_pool_kernel(dla_team *team, const dla_leaf_kernels *leaf, const dla_window *w,
                         int64_t planes, const void *src, void *dst, int32_t *where)
{
  run(team, planes, max_pool,
      (pool){.leaf = leaf, .w = w, .read = src, .write = dst, .where_write = where});
}

void dla_max_pool_backward_kernel(dla_team *team, const dla_leaf_kernels *leaf, const dla_window *w,
                                  int64_t planes, const void *diff_dst, const int32_t *where,
                                  void *diff_src)
{
  run(team, planes, max_pool_backward,
      (pool){.leaf = leaf, .w = w, .read = diff_dst, .write = diff_src, .where_read = where});
}
