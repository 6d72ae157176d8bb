#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""usage: tests/unit/rooms.py
Tests tools/rooms: in each of the small trees below it must report the forbidden
#include or call, and it must report nothing in this source tree."""
import os
import subprocess
import sys
import tempfile

ROOMS = os.path.join(os.path.dirname(os.path.realpath(__file__)),
                     "..", "..", "tools", "rooms")
# The files of a small tree, and what the check prints about it; "": nothing.
TREES = [
    ({"bhyve/net/net_tap.c": '#include "bhyve/base/mevent.h"\n',
      "bhyve/base/mevent.h": ""}, ""),
    ({"bhyve/base/mevent.c": '#include "bhyve/net/net_tap.h"\n',
      "bhyve/net/net_tap.h": ""},
     "bhyve/base/mevent.c:1: includes bhyve/net/net_tap.h:"
     " bhyve/net is not below bhyve/base"),
    ({"bhyve/net/net_tap.c": '#include "bhyve/disk/block_if.h"\n',
      "bhyve/disk/block_if.h": ""},
     "bhyve/disk is not below bhyve/net"),
    ({"bhyve/attic/old.c": '#include "bhyve/base/mevent.h"\n',
      "bhyve/base/mevent.h": ""},
     "bhyve/attic/ is on no floor"),
    ({"core/vgic.c": '#include "vmm/vgic.h"\n', "vmm/vgic.h": ""},
     "core/vgic.c:1: includes vmm/vgic.h: vmm/ is not below core/"),
    ({"vmm/mem.c": '#include "vmm/arm/pgtable.h"\n', "vmm/arm/pgtable.h": ""},
     "an architecture's header in a file for all of them"),
    # vmm/'s order of files: #includes ...
    ({"vmm/dev.c": '#include "vmm/mem.h"\n', "vmm/mem.h": ""}, ""),
    ({"vmm/mem.c": '#include "vmm/dev.h"\n', "vmm/dev.h": ""},
     "vmm/mem.c:1: includes vmm/dev.h: vmm/dev.h is not below vmm/mem.c"),
    ({"vmm/mem.c": '#include "vmm/vm.h"\n', "vmm/vm.h": ""}, ""),
    ({"vmm/new.c": '#include "vmm/mem.h"\n', "vmm/mem.h": ""},
     "vmm/new is on no floor"),
    # vmm/'s order of files: calls
    ({"vmm/vm.c": "void vm_put(struct vm *vm)\n{\n\tmem_exit(vm);\n}\n",
      "vmm/mem.c": "void mem_exit(struct vm *vm)\n{\n}\n"}, ""),
    ({"vmm/mem.c": "static void mem_exit(struct vm *vm)\n{\n\tvm_put(vm);\n}\n",
      "vmm/vm.c": "void vm_put(struct vm *vm)\n{\n}\n"},
     "vmm/mem.c:3: uses vm_put: vmm/vm.c is not below vmm/mem.c"),
    ({"vmm/mem.c": "static u32 *mem_at(void)\n{\n\treturn &vm_count;\n}\n",
      "vmm/vm.c": "u32 vm_count;\n"},
     "vmm/mem.c:3: uses vm_count"),
    ({"vmm/mem.c": "/* vm_put() follows. */\nint mem_n(const struct vm *vm)\n"
                   '{\n\tpr_info("vm_put");\n\treturn vm->vm_put;\n}\n',
      "vmm/vm.c": "void vm_put(struct vm *vm)\n{\n}\n"}, ""),
]


def said_of(files):
    with tempfile.TemporaryDirectory() as tree:
        for path, text in files.items():
            path = os.path.join(tree, path)
            os.makedirs(os.path.dirname(path), exist_ok=True)
            with open(path, "w") as file:
                file.write(text)
        return subprocess.run([ROOMS, tree], text=True, stdout=subprocess.PIPE,
                              stderr=subprocess.STDOUT)


def main():
    failed = False
    for files, expected in TREES:
        said = said_of(files)
        good = (expected in said.stdout if expected else not said.stdout)
        if not good or (said.returncode == 0) != (expected == ""):
            print(f"not ok: {files}: {said.returncode} {said.stdout!r},"
                  f" expected {expected!r}")
            failed = True
    here = subprocess.run([ROOMS])
    return 1 if failed or here.returncode else 0


sys.exit(main())
