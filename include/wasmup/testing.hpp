// SPDX-License-Identifier: MIT
#pragma once

/// Unit tests of filters, with GoogleTest: link wasmup::testing, or let wasmup_add_filter() do it.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <wasmup/testing/headers.hpp>
#include <wasmup/testing/host.hpp>
#include <wasmup/testing/matchers.hpp>
#include <wasmup/testing/simulation.hpp>
