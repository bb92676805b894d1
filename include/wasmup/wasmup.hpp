// SPDX-License-Identifier: MIT
#pragma once

/// The whole SDK. Each header stands alone; this is for filters that want it short.

#include <wasmup/abi.hpp>
#include <wasmup/attributes.hpp>
#include <wasmup/body.hpp>
#include <wasmup/bytes.hpp>
#include <wasmup/call_options.hpp>
#include <wasmup/clock.hpp>
#include <wasmup/decimal.hpp>
#include <wasmup/environment.hpp>
#include <wasmup/filter.hpp>
#include <wasmup/filter_state.hpp>
#include <wasmup/flow.hpp>
#include <wasmup/foreign.hpp>
#include <wasmup/foreign_function.hpp>
#include <wasmup/grpc.hpp>
#include <wasmup/header_map.hpp>
#include <wasmup/header_text.hpp>
#include <wasmup/http_call.hpp>
#include <wasmup/json.hpp>
#include <wasmup/json_members.hpp>
#include <wasmup/local_response.hpp>
#include <wasmup/log.hpp>
#include <wasmup/metric.hpp>
#include <wasmup/pairs.hpp>
#include <wasmup/plugin.hpp>
#include <wasmup/property.hpp>
#include <wasmup/random.hpp>
#include <wasmup/result.hpp>
#include <wasmup/shared_data.hpp>
#include <wasmup/shared_queue.hpp>
#include <wasmup/stream_handle.hpp>
#include <wasmup/string_list.hpp>
#include <wasmup/timer.hpp>
#include <wasmup/wasi.hpp>
