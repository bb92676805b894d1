// SPDX-License-Identifier: MIT
#pragma once

/// The whole SDK. Each header stands alone; this is for filters that want it short.

#include <wasmup/abi.hpp>
#include <wasmup/body.hpp>
#include <wasmup/bytes.hpp>
#include <wasmup/filter.hpp>
#include <wasmup/header_map.hpp>
#include <wasmup/header_text.hpp>
#include <wasmup/local_response.hpp>
#include <wasmup/log.hpp>
#include <wasmup/pairs.hpp>
#include <wasmup/plugin.hpp>
#include <wasmup/property.hpp>
#include <wasmup/result.hpp>
#include <wasmup/timer.hpp>
