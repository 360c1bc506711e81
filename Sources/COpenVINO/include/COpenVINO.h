// The part of OpenVINO's C API that this project calls, opened at run time.
//
// The library is opened with dlopen, so that building needs no header and no loader path, and a
// missing library is an error value rather than a program that does not start. `pov_NAME` mostly
// forwards to `ov_NAME` of the library (openvino/c/*.h of release 2026.4.1, Apache-2.0) and returns
// its status; every one returns POV_STATUS_NOT_LOADED before `pov_load` has succeeded.

#ifndef PANTOGRAPH_COPENVINO_H
#define PANTOGRAPH_COPENVINO_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#pragma clang assume_nonnull begin

// Opaque objects of the library.
typedef struct ov_core pov_core_t;
typedef struct ov_model pov_model_t;
typedef struct ov_compiled_model pov_compiled_model_t;
typedef struct ov_infer_request pov_infer_request_t;
typedef struct ov_output_const_port pov_port_t;
typedef struct ov_tensor pov_tensor_t;

// ov_status_e: zero is success, everything else an error.
typedef int32_t pov_status_t;
enum { POV_STATUS_OK = 0, POV_STATUS_NOT_LOADED = -1000 };

// ov_element_type_e of release 2026.4: the only member that is used.
enum { POV_ELEMENT_F32 = 4 };

// ov_shape_t.
typedef struct {
    int64_t rank;
    int64_t *_Nullable dims;
} pov_shape_t;

// ov_dimension_t: both ends inclusive, a maximum of -1 where there is none.
typedef struct {
    int64_t min;
    int64_t max;
} pov_dimension_t;

// ov_partial_shape_t.
typedef struct {
    pov_dimension_t rank;
    pov_dimension_t *_Nullable dims;
} pov_partial_shape_t;

// What `pov_load` found.
typedef enum : int32_t {
    POV_LOADED = 0,
    POV_LIBRARY_MISSING = 1,
    POV_LIBRARY_VERSION = 2,
    POV_LIBRARY_SYMBOL = 3,
} pov_load_result_t;

// Opens the library; only the first call works, later ones return its result. Thread-safe.
//
// Searched are the folder named by the environment variable PANTOGRAPH_OPENVINO (or, where it is
// an installation's prefix, its `openvino/libs`) and nothing else when it is set; otherwise the
// loader's path and then /usr/local/lib/pantograph/openvino/libs.
pov_load_result_t pov_load(void);

// What went wrong in `pov_load`, or the version that was loaded. Never freed.
const char *pov_load_message(void);

// Gives freed memory back to the system (malloc_trim): compiling leaves tens of megabytes unused.
void pov_trim_memory(void);

// Copies what the library last complained about into a buffer of `capacity` bytes, cut to fit and
// ended by a zero; returns its length without the zero.
size_t pov_copy_last_error(char *buffer, size_t capacity);
void pov_free(const char *_Nullable content);

pov_status_t pov_core_create(pov_core_t *_Nullable *_Nonnull core);
void pov_core_free(pov_core_t *core);
pov_status_t pov_core_read_model(
    const pov_core_t *core, const char *model_path, const char *_Nullable bin_path,
    pov_model_t *_Nullable *_Nonnull model);
pov_status_t pov_core_read_model_from_memory_buffer(
    const pov_core_t *core, const char *model_str, size_t str_len,
    const pov_tensor_t *_Nullable weights, pov_model_t *_Nullable *_Nonnull model);
pov_status_t pov_core_get_property(
    const pov_core_t *core, const char *device_name, const char *property_key,
    char *_Nullable *_Nonnull property_value);

// Compiles a model for the processor, to answer one request at a time as soon as possible.
//
// `threads` is a decimal number; `precision` is "f32" or "bf16".
pov_status_t pov_compile_for_latency(
    const pov_core_t *core, const pov_model_t *model, const char *threads, const char *precision,
    pov_compiled_model_t *_Nullable *_Nonnull compiled_model);

void pov_model_free(pov_model_t *model);

pov_status_t pov_compiled_model_inputs_size(const pov_compiled_model_t *model, size_t *size);
pov_status_t pov_compiled_model_input_by_index(
    const pov_compiled_model_t *model, size_t index, pov_port_t *_Nullable *_Nonnull port);
pov_status_t pov_compiled_model_outputs_size(const pov_compiled_model_t *model, size_t *size);
pov_status_t pov_compiled_model_output_by_index(
    const pov_compiled_model_t *model, size_t index, pov_port_t *_Nullable *_Nonnull port);
pov_status_t pov_compiled_model_create_infer_request(
    const pov_compiled_model_t *model, pov_infer_request_t *_Nullable *_Nonnull request);
void pov_compiled_model_free(pov_compiled_model_t *model);

pov_status_t pov_port_get_any_name(const pov_port_t *port, char *_Nullable *_Nonnull name);
pov_status_t pov_port_get_partial_shape(const pov_port_t *port, pov_partial_shape_t *shape);
pov_status_t pov_port_get_element_type(const pov_port_t *port, uint32_t *type);
void pov_output_const_port_free(pov_port_t *port);
void pov_partial_shape_free(pov_partial_shape_t *shape);

pov_status_t pov_infer_request_set_input_tensor_by_index(
    pov_infer_request_t *request, size_t index, const pov_tensor_t *tensor);
pov_status_t pov_infer_request_get_output_tensor_by_index(
    const pov_infer_request_t *request, size_t index, pov_tensor_t *_Nullable *_Nonnull tensor);
pov_status_t pov_infer_request_infer(pov_infer_request_t *request);
void pov_infer_request_free(pov_infer_request_t *request);

pov_status_t pov_tensor_create_from_host_ptr(
    uint32_t type, pov_shape_t shape, void *host_ptr, pov_tensor_t *_Nullable *_Nonnull tensor);
pov_status_t pov_tensor_get_shape(const pov_tensor_t *tensor, pov_shape_t *shape);
pov_status_t pov_tensor_get_size(const pov_tensor_t *tensor, size_t *elements_size);
pov_status_t pov_tensor_data(const pov_tensor_t *tensor, void *_Nullable *_Nonnull data);
void pov_tensor_free(pov_tensor_t *tensor);
pov_status_t pov_shape_free(pov_shape_t *shape);

#pragma clang assume_nonnull end

#endif
