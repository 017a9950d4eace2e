/* What the kernels share. Each value comes as the buffer that it lies in and its place there, in
 * elements; a buffer that is NULL is a value that the instruction does not have.
 *
 * Nothing is contracted to fused multiply-adds by the compiler's choice: what a batch norm computes
 * twice, in two kernels, must be the same bits. */
#pragma OPENCL FP_CONTRACT OFF

#define GROUP  64 /* work items of a group, of every kernel; launch.c has it too */
#define KERNEL kernel __attribute__((reqd_work_group_size(GROUP, 1, 1))) void
#define IN(name)     global const float *name, ulong name##_at
#define OUT(name)    global float *name, ulong name##_at
#define IN_INTS(name)  global const int *name, ulong name##_at
#define OUT_INTS(name) global int *name, ulong name##_at
#define FIND(name)                                                                                 \
  if (name) name += name##_at

/* The sum over the work group, the same bits whenever; every work item of the group calls it. */
static float group_sum(float value, local float *partial)
{
  int me = get_local_id(0);
  partial[me] = value;
  barrier(CLK_LOCAL_MEM_FENCE);
  for (int stride = GROUP / 2; stride > 0; stride /= 2) {
    if (me < stride) partial[me] += partial[me + stride];
    barrier(CLK_LOCAL_MEM_FENCE);
  }
  float sum = partial[0];
  barrier(CLK_LOCAL_MEM_FENCE);
  return sum;
}
