#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""Makes the test cases of arm_insn_*.c, the files arm_insn_cases_*.h beside this one.

Assembles every load and store below with the cross assembler, executes each from the
same known state under qemu-arm (user mode), and writes down what it changed. The
files are kept in the tree; this script is needed only to change them:

    apt install gcc-arm-linux-gnueabihf qemu-user-static
    tests/unit/arm_insn_cases.py
"""
import itertools
import os
import re
import struct
import subprocess
import tempfile

BUF = 0x20000000
SIZE = 256
BASE = BUF + 128
# r1, r7, r9 and sp are bases; r2, r3 and r4 offsets; the others data.
REGS = [0x10203040, BASE, 8, 0x14, 0xfffffff0, 0x51525354, 0x61e2e3e4, BASE,
        0x81828384, BASE, 0xa1a2a3a4, 0xb1b2b3b4, 0xc1c2c3c4, BASE, 0xe1e2e3e4]

ADDR = ['[{b}]', '[{b}, #{i}]', '[{b}, #-{i}]', '[{b}, #{i}]!', '[{b}, #-{i}]!',
        '[{b}], #{i}', '[{b}], #-{i}']
RADDR = ['[{b}, {o}]', '[{b}, -{o}]', '[{b}, {o}]!', '[{b}], {o}', '[{b}], -{o}']


def a32():
    for op in ('ldr', 'str', 'ldrb', 'strb'):
        for a in ADDR + RADDR:
            yield f'{op} r0, ' + a.format(b='r1', i=12, o='r2')
        for sh in ('r3, lsl #1', 'r3, lsr #2', 'r4, asr #2', 'r4, lsr #28',
                   'r4, ror #31', 'r3, asr #32', 'r4, lsr #32'):
            yield f'{op} r12, [r9, {sh}]'
        yield f'{op} r5, [r9, -r3, lsl #2]!'
    for op in ('ldrh', 'strh', 'ldrsb', 'ldrsh'):
        for a in ADDR + RADDR:
            yield f'{op} lr, ' + a.format(b='r1', i=6, o='r2')
    for op in ('ldrd', 'strd'):
        for a in ADDR + RADDR:
            yield f'{op} r10, r11, ' + a.format(b='r1', i=20, o='r2')
    for op in ('ldrt', 'strt', 'ldrbt', 'strbt', 'ldrht', 'strht', 'ldrsbt', 'ldrsht'):
        yield f'{op} r6, [r1]'
        yield f'{op} r6, [r1], #-4'
        yield f'{op} r6, [r1], r2'
    for op, m, w, l in itertools.product(('ldm', 'stm'), ('ia', 'ib', 'da', 'db'),
                                         ('', '!'),
                                         ('{r0}', '{r0, r2, r5, r8-r12, lr}', '{r3-r6}')):
        base = 'r1' if 'r9' in l or '-' in l else 'r9'
        yield f'{op}{m} {base}{w}, {l}'
    yield 'push {r0, r3, r11, lr}'
    yield 'pop {r0, r3, r11, lr}'
    yield 'ldmia r1, {r0, r1, r2}'
    yield 'ldmia r1, {r0, r5, sp}'
    for op in ('ldrex r0, [r1]', 'ldrexb r0, [r1]', 'ldrexh r0, [r1]', 'ldrexd r10, r11, [r1]'):
        yield op
    for op in ('swp r0, r5, [r1]', 'swpb r0, r5, [r1]', 'swp lr, lr, [r1]'):
        yield op
    for op in ('pld [r1, #4]', 'pldw [r1]', 'pli [r1, #-4]', 'pld [r1, r2]', 'pli [r1, r2, lsl #2]'):
        yield op
    # C is set, the other flags are clear.
    for cc in ('eq', 'ne', 'cs', 'cc', 'mi', 'pl', 'vs', 'vc', 'hi', 'ls', 'ge', 'lt', 'gt', 'le'):
        yield f'ldr{cc} r0, [r1], #4'
    for n in (1, 2, 3):
        yield f'ldr r0, [r1, #{n}]'
        yield f'str r0, [r1, #{n}]'
        yield f'ldrsh r0, [r1, #{n}]'
        yield f'strh r0, [r1, #-{n}]'


def t16():
    for op, n in (('ldr', 4), ('str', 4), ('ldrb', 1), ('strb', 1), ('ldrh', 2), ('strh', 2)):
        yield f'{op}.n r0, [r7]'
        yield f'{op}.n r5, [r1, #{31 * n // 4 * 1 // n * n}]'
        yield f'{op}.n r5, [r1, #{n}]'
    for op in ('ldr', 'str', 'ldrb', 'strb', 'ldrh', 'strh', 'ldrsb', 'ldrsh'):
        yield f'{op}.n r0, [r7, r2]'
        yield f'{op}.n r5, [r1, r3]'
    yield 'ldr.n r0, [sp, #64]'
    yield 'str.n r5, [sp, #4]'
    yield 'push {r0, r5, r6}'
    yield 'push {r0, lr}'
    yield 'pop {r0, r5, r6}'
    yield 'ldmia r7!, {r0, r5, r6}'
    yield 'ldmia r7, {r0, r5, r7}'
    yield 'stmia r7!, {r0, r5, r6}'
    yield 'ldmia r1!, {r0, r2}'


def t32():
    for op in ('ldr', 'str', 'ldrb', 'strb', 'ldrh', 'strh', 'ldrsb', 'ldrsh'):
        for a in ADDR:
            yield f'{op}.w r8, ' + a.format(b='r9', i=12)
        for a in ('[r9, r2]', '[r9, r3, lsl #1]', '[r1, r4, lsl #2]', '[r9, r2, lsl #3]', '[r9, #100]'):
            yield f'{op}.w r12, {a}'
        yield f'{op}t r0, [r1, #8]'
    for op in ('ldrd', 'strd'):
        for a in ADDR:
            yield f'{op} r5, r11, ' + a.format(b='r1', i=24)
    for op, m, w, l in itertools.product(('ldm', 'stm'), ('ia', 'db'), ('', '!'),
                                         ('{r0, r10}', '{r0, r2, r5, r8-r12, lr}')):
        yield f'{op}{m}.w r1{w}, {l}'
    yield 'push.w {r0, r3, r11, lr}'
    yield 'pop.w {r0, r3, r11, lr}'
    yield 'push.w {r11}'
    yield 'pop.w {r11}'
    for op in ('ldrex r0, [r1]', 'ldrex r0, [r1, #8]', 'ldrexb r0, [r1]', 'ldrexh r0, [r1]',
               'ldrexd r10, r8, [r1]'):
        yield op
    for op in ('pld [r1, #4]', 'pldw [r1, #4]', 'pli [r1, #-4]', 'pld [r1, r2]', 'pli [r1, r2, lsl #2]'):
        yield op


def vfp():
    for op in ('vldr', 'vstr'):
        for r in ('s0', 's1', 's31', 'd0', 'd15', 'd31'):
            yield f'{op} {r}, [r1]'
            yield f'{op} {r}, [r9, #20]'
            yield f'{op} {r}, [r9, #-20]'
    for op, m in itertools.product(('vldm', 'vstm'), ('ia r1', 'ia r1!', 'db r1!')):
        for l in ('{s1}', '{s3-s9}', '{d7}', '{d14-d17}', '{d16-d31}' if 'ia' in m else '{d30-d31}'):
            yield f'{op}{m}, {l}'
    yield 'fldmiax r1!, {d2-d4}'
    yield 'fstmdbx r1!, {d2-d4}'


def neon():
    ends = ('[r1]', '[r1]!', '[r1], r2')
    for op in ('vld', 'vst'):
        for sz, l in itertools.product((8, 16, 32, 64),
                                       ('{d3}', '{d3-d4}', '{d15-d17}', '{d28-d31}')):
            yield f'{op}1.{sz} {l}, [r1]'
        for sz, l in itertools.product((8, 16, 32), ('{d3-d4}', '{d3, d5}', '{d28-d31}')):
            yield f'{op}2.{sz} {l}, [r1]!'
        for sz, l in itertools.product((8, 16, 32), ('{d3-d5}', '{d27, d29, d31}')):
            yield f'{op}3.{sz} {l}, [r1], r2'
        for sz, l in itertools.product((8, 16, 32), ('{d3-d6}', '{d25, d27, d29, d31}')):
            yield f'{op}4.{sz} {l}, [r1]!'
        for n, al, l in ((2, 64, '{d3-d4}'), (2, 128, '{d3-d4}'), (2, 256, '{d4-d7}'), (3, 64, '{d3-d5}'),
                         (4, 64, '{d4-d7}'), (4, 128, '{d4-d7}'), (4, 256, '{d4-d7}'), (4, 256, '{d25, d27, d29, d31}'), (1, 64, '{d3-d5}')):
            yield f'{op}{n}.8 {l}, [r1:{al}]'
        for al, l in ((64, '{d3}'), (128, '{d3-d4}'), (256, '{d4-d7}')):
            yield f'{op}1.8 {l}, [r1:{al}]'
        for e in ends:
            for sz, n in ((8, 7), (16, 2), (32, 1)):
                yield f'{op}1.{sz} {{d9[{n}]}}, {e}'
                yield f'{op}2.{sz} {{d9[{n}], d10[{n}]}}, {e}'
                yield f'{op}3.{sz} {{d9[{n}], d10[{n}], d11[{n}]}}, {e}'
                yield f'{op}4.{sz} {{d9[{n}], d10[{n}], d11[{n}], d12[{n}]}}, {e}'
        for sz in (16, 32):
            yield f'{op}2.{sz} {{d9[1], d11[1]}}, [r1]!'
            yield f'{op}3.{sz} {{d9[0], d11[0], d13[0]}}, [r1]!'
            yield f'{op}4.{sz} {{d9[1], d11[1], d13[1], d15[1]}}, [r1]!'
        yield f'{op}1.16 {{d9[1]}}, [r1:16]'
        yield f'{op}1.32 {{d9[1]}}, [r1:32]'
        yield f'{op}2.8 {{d9[1], d10[1]}}, [r1:16]'
        yield f'{op}2.32 {{d9[1], d10[1]}}, [r1:64]'
        yield f'{op}4.8 {{d9[1], d10[1], d11[1], d12[1]}}, [r1:32]'
        yield f'{op}4.32 {{d9[1], d10[1], d11[1], d12[1]}}, [r1:128]'
        yield f'{op}4.32 {{d9[1], d10[1], d11[1], d12[1]}}, [r1:64]'
    for sz in (8, 16, 32):
        yield f'vld1.{sz} {{d9[]}}, [r1]'
        yield f'vld1.{sz} {{d9[], d10[]}}, [r1]!'
        yield f'vld2.{sz} {{d9[], d10[]}}, [r1], r2'
        yield f'vld2.{sz} {{d9[], d11[]}}, [r1]!'
        yield f'vld3.{sz} {{d9[], d10[], d11[]}}, [r1]!'
        yield f'vld3.{sz} {{d9[], d11[], d13[]}}, [r1]!'
        yield f'vld4.{sz} {{d9[], d10[], d11[], d12[]}}, [r1]!'
        yield f'vld4.{sz} {{d9[], d11[], d13[], d15[]}}, [r1], r2'
    yield 'vld1.16 {d9[]}, [r1:16]'
    yield 'vld2.16 {d9[], d10[]}, [r1:32]'
    yield 'vld4.8 {d9[], d10[], d11[], d12[]}, [r1:32]'
    yield 'vld4.32 {d9[], d10[], d11[], d12[]}, [r1:64]'
    yield 'vld4.32 {d9[], d10[], d11[], d12[]}, [r1:128]'


def big_endian():
    yield 'ldr r0, [r1, #4]'
    yield 'str r0, [r1, #4]'
    yield 'ldr r0, [r1, #1]'
    yield 'str r0, [r1, #1]'
    yield 'ldrh r0, [r1]'
    yield 'strh r0, [r1]'
    yield 'ldrsh r0, [r1, #1]'
    yield 'ldrb r0, [r1]'
    yield 'ldrd r10, r11, [r1]'
    yield 'strd r10, r11, [r1]'
    yield 'ldmia r1!, {r5, r8}'
    yield 'stmia r1!, {r5, r8}'
    yield 'vldr d3, [r1]'
    yield 'vstr d3, [r1]'
    yield 'vldr s3, [r1]'
    for sz in (8, 16, 32, 64):
        yield f'vld1.{sz} {{d3}}, [r1]'
        yield f'vst1.{sz} {{d3}}, [r1]'
    yield 'swp r0, r5, [r1]'


HEAD = f'''
.syntax unified
.cpu cortex-a15
.fpu neon-vfpv4
.global _start
.arm
_start:
    mov r0, #{BUF}; mov r1, #{SIZE + 4096}; mov r2, #3; mov r3, #0x32
    mvn r4, #0; mov r5, #0; mov r7, #192; svc #0
'''

# Sets the state of REGS, of memory and of the D registers.
SETUP = f'''
setup:
    ldr r0, ={BUF}
    mov r1, #0
1:  rsb r2, r1, r1, lsl #3; add r2, #3; eor r2, #0x80
    strb r2, [r0, r1]; add r1, #1; cmp r1, #{SIZE}; bne 1b
    ldr r0, =dpattern
    vldmia r0!, {{d0-d15}}; vldmia r0, {{d16-d31}}
    str lr, ret
    mov r0, #0x20000000; msr cpsr_f, r0
    ldr r0, =rpattern
    ldmia r0, {{r0-r12}}
    ldr sp, =0x{REGS[13]:x}; ldr lr, =0x{REGS[14]:x}
    ldr pc, ret
ret: .word 0
    .ltorg
save:
    ldr r1, =rsave; ldr r2, =rpos; ldr r3, [r2]
    mov r4, #0
1:  ldr r5, [r1, r4]; str r5, [r3], #4; add r4, #4; cmp r4, #60; bne 1b
    vstmia r3!, {{d0-d15}}; vstmia r3!, {{d16-d31}}
    ldr r1, ={BUF}; mov r4, #0
1:  ldr r5, [r1, r4]; str r5, [r3], #4; add r4, #4; cmp r4, #{SIZE}; bne 1b
    str r3, [r2]
    bx lr
    .ltorg
rpos: .word out
rsave: .space 60
'''


def case_asm(i, insn, thumb, be):
    on, off = ('setend be', 'setend le') if be else ('', '')
    if thumb:
        body = f'''
    bl setup
    str r0, t{i}
    add r0, pc, #1; bx r0
    .thumb
    ldr.w r0, t{i}
    .balign 4
case{i}:
    {insn}
end{i}:
    .balign 4
    bx pc
    nop
    .arm
    b after{i}
t{i}: .word 0
after{i}:
'''
    else:
        body = f'''
    bl setup
    {on}
case{i}:
    {insn}
end{i}:
    {off}
'''
    return body + f'''
    str r0, r0save{i}
    adr r0, r0save{i}
    add r0, #4
    stmia r0, {{r1-r14}}
    sub r0, #4
    b copy{i}
r0save{i}: .space 60
copy{i}:
    ldr r1, =rsave
    mov r2, #0
1:  ldr r3, [r0, r2]; str r3, [r1, r2]; add r2, #4; cmp r2, #60; bne 1b
    bl save
    b next{i}
    .ltorg
next{i}:
'''


TAIL = '''
    mov r0, #1; ldr r1, =out; ldr r2, =rpos; ldr r2, [r2]; sub r2, r1
1:  mov r7, #4; svc #0; cmp r0, #0; ble 2f; add r1, r0; subs r2, r0; mov r0, #1; bne 1b
2:  mov r0, #0; mov r7, #1; svc #0
    .ltorg
'''
RECORD = 60 + 256 + SIZE


def run(tool, *args, **kw):
    return subprocess.run([tool, *args], check=True, stdout=subprocess.PIPE, **kw).stdout


def words(elf, names):
    """The encoding of each case: the code between its two symbols."""
    syms = {}
    for line in run('arm-linux-gnueabihf-nm', elf, text=True).splitlines():
        f = line.split()
        syms[f[2]] = int(f[0], 16)
    raw = elf + '.bin'
    run('arm-linux-gnueabihf-objcopy', '-O', 'binary', '-j', '.text', elf, raw)
    text = open(raw, 'rb').read()
    start = syms['_start']
    for i in range(names):
        a, b = syms[f'case{i}'] & ~1, syms[f'end{i}'] & ~1
        yield text[a - start:b - start]


def execute(cases, thumb, be):
    with tempfile.TemporaryDirectory() as d:
        src = HEAD
        src += ''.join(case_asm(i, c, thumb, be) for i, c in enumerate(cases)) + TAIL + SETUP
        src += 'rpattern: .word ' + ', '.join(hex(r) for r in REGS[:13]) + '\n'
        src += 'dpattern: .byte ' + ', '.join(str(i) for i in range(256)) + '\n'
        src += f'.balign 4\nout: .space {RECORD * len(cases)}\n'
        with open(f'{d}/x.s', 'w') as f:
            f.write(src)
        run('arm-linux-gnueabihf-as', '-o', f'{d}/x.o', f'{d}/x.s')
        run('arm-linux-gnueabihf-ld', '-N', '-o', f'{d}/x', f'{d}/x.o')
        code = list(words(f'{d}/x', len(cases)))
        out = run('qemu-arm-static', '-cpu', 'cortex-a15', f'{d}/x')
    assert len(out) == RECORD * len(cases), (len(out), RECORD * len(cases))
    return code, [out[i * RECORD:(i + 1) * RECORD] for i in range(len(cases))]


def changes(rec):
    """What differs from the initial state, in the order in which tests read it."""
    text = []
    for n, v in enumerate(struct.unpack('<15I', rec[:60])):
        if v != REGS[n]:
            text.append(f'r{n}={v:08x}')
    for n in range(32):
        d = rec[60 + 8 * n:68 + 8 * n]
        if d != bytes((8 * n + j) for j in range(8)):
            text.append(f'd{n}={int.from_bytes(d, "little"):016x}')
    mem = rec[316:]
    for n in range(0, SIZE, 4):
        was = bytes((((7 * i + 3) ^ 0x80) & 0xff) for i in range(n, n + 4))
        if mem[n:n + 4] != was:
            text.append(f'm{n:02x}={int.from_bytes(mem[n:n + 4], "little"):08x}')
    return ' '.join(text)


def table(name, title, cases, thumb=False, be=False):
    cases = list(dict.fromkeys(cases))
    code, recs = execute(cases, thumb, be)
    here = os.path.dirname(os.path.abspath(__file__))
    with open(f'{here}/arm_insn_cases_{name}.h', 'w') as f:
        f.write('/* SPDX-License-Identifier: BSD-2-Clause */\n')
        f.write(f'/* {title}: made by arm_insn_cases.py. */\n')
        for insn, word, rec in zip(cases, code, recs):
            if thumb and len(word) == 4:
                val = int.from_bytes(word[:2], 'little') << 16 | int.from_bytes(word[2:], 'little')
            else:
                val = int.from_bytes(word, 'little')
            assert len(word) in (2, 4), insn
            f.write(f'{{ "{insn}", 0x{val:0{2 * len(word)}x}, {len(word)},\n  "{changes(rec)}" }},\n')
    print(name, len(cases))


if __name__ == '__main__':
    table('a32', 'ARM', a32())
    table('t16', '16-bit Thumb', t16(), thumb=True)
    table('t32', '32-bit Thumb', t32(), thumb=True)
    table('vfp', 'VFP', vfp())
    table('neon', 'NEON', neon())
    table('be', 'ARM with CPSR.E set', big_endian(), be=True)
