#include "include/COpenVINO.h"

#include <dlfcn.h>
#include <malloc.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

// The release whose enumerations the header mirrors; others may number them differently.
#define SUPPORTED_MAJOR "2026."
#define LIBRARY_NAME "libopenvino_c.so.2641"
#define INSTALLED_FOLDER "/usr/local/lib/pantograph/openvino/libs"

typedef struct {
    const char *build_number;
    const char *description;
} version_t;

typedef struct {
    const char *key;
    const void *value;
} property_t;

// Every function of the library: result type, name, parameters, arguments.
#define STATUS_FUNCTIONS(X)                                                                        \
    X(core_create, (pov_core_t * *core), (core))                                                   \
    X(core_read_model,                                                                             \
      (const pov_core_t *core, const char *path, const char *bin, pov_model_t **model),            \
      (core, path, bin, model))                                                                    \
    X(core_read_model_from_memory_buffer,                                                          \
      (const pov_core_t *core, const char *bytes, size_t length, const pov_tensor_t *weights,      \
       pov_model_t **model),                                                                       \
      (core, bytes, length, weights, model))                                                       \
    X(core_compile_model_props,                                                                    \
      (const pov_core_t *core, const pov_model_t *model, const char *device, size_t count,         \
       const property_t *properties, pov_compiled_model_t **compiled),                         \
      (core, model, device, count, properties, compiled))                                          \
    X(core_get_property,                                                                           \
      (const pov_core_t *core, const char *device, const char *key, char **value),                 \
      (core, device, key, value))                                                                  \
    X(compiled_model_inputs_size, (const pov_compiled_model_t *model, size_t *size),               \
      (model, size))                                                                               \
    X(compiled_model_input_by_index,                                                               \
      (const pov_compiled_model_t *model, size_t index, pov_port_t **port), (model, index, port))  \
    X(compiled_model_outputs_size, (const pov_compiled_model_t *model, size_t *size),              \
      (model, size))                                                                               \
    X(compiled_model_output_by_index,                                                              \
      (const pov_compiled_model_t *model, size_t index, pov_port_t **port), (model, index, port))  \
    X(compiled_model_create_infer_request,                                                         \
      (const pov_compiled_model_t *model, pov_infer_request_t **request), (model, request))        \
    X(port_get_any_name, (const pov_port_t *port, char **name), (port, name))                      \
    X(port_get_partial_shape, (const pov_port_t *port, pov_partial_shape_t *shape), (port, shape)) \
    X(port_get_element_type, (const pov_port_t *port, uint32_t *type), (port, type))               \
    X(infer_request_set_input_tensor_by_index,                                                     \
      (pov_infer_request_t * request, size_t index, const pov_tensor_t *tensor),                   \
      (request, index, tensor))                                                                    \
    X(infer_request_get_output_tensor_by_index,                                                    \
      (const pov_infer_request_t *request, size_t index, pov_tensor_t **tensor),                   \
      (request, index, tensor))                                                                    \
    X(infer_request_infer, (pov_infer_request_t * request), (request))                             \
    X(tensor_create_from_host_ptr,                                                                 \
      (uint32_t type, pov_shape_t shape, void *host, pov_tensor_t **tensor),                       \
      (type, shape, host, tensor))                                                                 \
    X(tensor_get_shape, (const pov_tensor_t *tensor, pov_shape_t *shape), (tensor, shape))         \
    X(tensor_get_size, (const pov_tensor_t *tensor, size_t *size), (tensor, size))                 \
    X(tensor_data, (const pov_tensor_t *tensor, void **place), (tensor, place))                    \
    X(shape_free, (pov_shape_t * shape), (shape))

#define VOID_FUNCTIONS(X)                                                                          \
    X(core_free, (pov_core_t * core), (core))                                                      \
    X(model_free, (pov_model_t * model), (model))                                                  \
    X(compiled_model_free, (pov_compiled_model_t * model), (model))                                \
    X(infer_request_free, (pov_infer_request_t * request), (request))                              \
    X(output_const_port_free, (pov_port_t * port), (port))                                         \
    X(partial_shape_free, (pov_partial_shape_t * shape), (shape))                                  \
    X(tensor_free, (pov_tensor_t * tensor), (tensor))                                              \
    X(free, (const char *content), (content))

// The library's entry points, all null until everything was found.
static struct {
#define MEMBER(name, parameters, arguments) pov_status_t(*name) parameters;
    STATUS_FUNCTIONS(MEMBER)
#undef MEMBER
#define MEMBER(name, parameters, arguments) void(*name) parameters;
    VOID_FUNCTIONS(MEMBER)
#undef MEMBER
    const char *(*get_last_err_msg)(void);
} library;

// Used below, not by Swift.
static pov_status_t pov_core_compile_model_props(
    const pov_core_t *core, const pov_model_t *model, const char *device, size_t count,
    const property_t *properties, pov_compiled_model_t **compiled);

#define FORWARD(name, parameters, arguments)                                                       \
    pov_status_t pov_##name parameters {                                                           \
        return library.name == NULL ? POV_STATUS_NOT_LOADED : library.name arguments;              \
    }
STATUS_FUNCTIONS(FORWARD)
#undef FORWARD

#define FORWARD(name, parameters, arguments)                                                       \
    void pov_##name parameters {                                                                   \
        if (library.name != NULL) library.name arguments;                                          \
    }
VOID_FUNCTIONS(FORWARD)
#undef FORWARD

pov_status_t pov_compile_for_latency(
    const pov_core_t *core, const pov_model_t *model, const char *threads, const char *precision,
    pov_compiled_model_t **compiled) {
    const property_t properties[] = {
        {"PERFORMANCE_HINT", "LATENCY"},
        {"NUM_STREAMS", "1"},
        {"INFERENCE_NUM_THREADS", threads},
        {"INFERENCE_PRECISION_HINT", precision},
        // A pinned thread shares its core with whatever else runs there: slower, measured.
        {"ENABLE_CPU_PINNING", "NO"},
    };
    return pov_core_compile_model_props(
        core, model, "CPU", sizeof properties / sizeof properties[0], properties, compiled);
}

size_t pov_copy_last_error(char *buffer, size_t capacity) {
    if (capacity == 0) return 0;
    buffer[0] = '\0';
    const char *text = library.get_last_err_msg == NULL ? NULL : library.get_last_err_msg();
    if (text == NULL) return 0;
    const size_t length = strnlen(text, capacity - 1);
    memcpy(buffer, text, length);
    buffer[length] = '\0';
    library.free(text);
    return length;
}

void pov_trim_memory(void) { malloc_trim(0); }

static pthread_once_t once = PTHREAD_ONCE_INIT;
static pov_load_result_t result = POV_LIBRARY_MISSING;
static char message[2048];

const char *pov_load_message(void) { return message; }

// Opens FOLDER/NAME, or NAME by the loader's path where there is no folder.
static void *open_in(const char *folder, const char *name) {
    char path[4096];
    const int length = folder == NULL ? snprintf(path, sizeof path, "%s", name)
                                      : snprintf(path, sizeof path, "%s/%s", folder, name);
    if (length < 0 || (size_t)length >= sizeof path) return NULL;
    return dlopen(path, RTLD_NOW | RTLD_LOCAL);
}

static void *find_library(void) {
    // The pinned file name first everywhere; then whatever release is there, to name it in the error.
    static const char *const names[] = {LIBRARY_NAME, "libopenvino_c.so"};
    const char *chosen = getenv("PANTOGRAPH_OPENVINO");
    for (size_t index = 0; index < 2; index++) {
        void *handle = NULL;
        if (chosen != NULL && chosen[0] != '\0') {
            char nested[4096];
            const int length = snprintf(nested, sizeof nested, "%s/openvino/libs", chosen);
            handle = open_in(chosen, names[index]);
            if (handle == NULL && length > 0 && (size_t)length < sizeof nested) {
                handle = open_in(nested, names[index]);
            }
        } else {
            handle = open_in(NULL, names[index]);
            if (handle == NULL) handle = open_in(INSTALLED_FOLDER, names[index]);
        }
        if (handle != NULL) return handle;
        const char *reason = dlerror();
        if (index == 0) snprintf(message, sizeof message, "%s", reason == NULL ? "" : reason);
    }
    return NULL;
}

// Whether the library is of the supported release; its version goes into the message.
static bool has_supported_version(void *handle) {
    pov_status_t (*get_version)(version_t *) = dlsym(handle, "ov_get_openvino_version");
    void (*free_version)(version_t *) = dlsym(handle, "ov_version_free");
    version_t version = {NULL, NULL};
    if (get_version == NULL || free_version == NULL || get_version(&version) != POV_STATUS_OK) {
        snprintf(message, sizeof message, "unknown");
        return false;
    }
    const char *number = version.build_number == NULL ? "unknown" : version.build_number;
    snprintf(message, sizeof message, "%s", number);
    const bool supported = strncmp(number, SUPPORTED_MAJOR, strlen(SUPPORTED_MAJOR)) == 0;
    free_version(&version);
    return supported;
}

static void load_once(void) {
    void *handle = find_library();
    if (handle == NULL) return;
    if (!has_supported_version(handle)) {
        result = POV_LIBRARY_VERSION;
        dlclose(handle);
        return;
    }
    const char *missing = NULL;
#define FIND(name, parameters, arguments)                                                          \
    if (missing == NULL) {                                                                         \
        *(void **)&library.name = dlsym(handle, "ov_" #name);                                      \
        if (library.name == NULL) missing = "ov_" #name;                                           \
    }
    STATUS_FUNCTIONS(FIND)
    VOID_FUNCTIONS(FIND)
    FIND(get_last_err_msg, , )
#undef FIND
    if (missing != NULL) {
        memset(&library, 0, sizeof library);
        snprintf(message, sizeof message, "%s", missing);
        result = POV_LIBRARY_SYMBOL;
        dlclose(handle);
        return;
    }
    result = POV_LOADED;
}

pov_load_result_t pov_load(void) {
    pthread_once(&once, load_once);
    return result;
}
