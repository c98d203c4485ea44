# SPDX-License-Identifier: GPL-2.0-only
#
# What CMakeLists.txt hands to ns-3's build_lib when this tree is contrib/nattlab of ns-3's.

file(GLOB NATTLAB_SOURCES CONFIGURE_DEPENDS RELATIVE ${CMAKE_CURRENT_SOURCE_DIR} model/*/*.cc
                                                                                helper/*/*.cc)

# ns-3 copies public headers into one folder, ns3/, where names such as packet.h are taken. Only the
# headers for ns-3 programs go there; they include the others from the top of this tree.
file(GLOB NATTLAB_PUBLIC_HEADERS CONFIGURE_DEPENDS RELATIVE ${CMAKE_CURRENT_SOURCE_DIR}
     model/sim/*.h helper/simulation/*.h)

# Sources, and the programs that link the module, include from the top of this tree; the presets of
# scenarios are found there.
function(nattlab_contrib_finish)
  foreach(target IN ITEMS ${libnattlab} ${libnattlab-obj}) # some versions compile in a target apart
    if(TARGET ${target})
      target_include_directories(${target}
                                 PUBLIC $<BUILD_INTERFACE:${CMAKE_CURRENT_SOURCE_DIR}>)
      target_compile_definitions(${target}
                                 PRIVATE NATTLAB_SOURCE_DIR="${CMAKE_CURRENT_SOURCE_DIR}")
    endif()
  endforeach()
endfunction()
