"""A detector of races: which elements two threads touch without waiting for each other in between.

A simulator that happens to run threads in a lucky order shows nothing. This one notes for each
element who read and who wrote it since the last wait of the block, whatever the order was. Blocks
never wait for each other: what one writes, no other may touch.
"""

import sys
import threading

import numpy as np


class Log:
    """What the threads of each block have touched since they last waited."""

    def __init__(self):
        self.races = set()
        self.lock = threading.Lock()
        self.start()

    def start(self):
        """Begin a launch."""
        self.waits, self.touched, self.blocks, self.written = {}, {}, {}, set()

    def note(self, element, wrote):
        """Note that the current thread reads or writes an element."""
        thread = threading.current_thread()
        with self.lock:
            blocks = self.blocks.setdefault(element, set())
            blocks.add(thread.blockIdx.x)
            if wrote:
                self.written.add(element)
            now = thread.blockIdx.x, self.waits.get(thread, 0)
            then, readers, writers = self.touched.get(element, (now, set(), set()))
            if then != now:
                readers, writers = set(), set()
            (writers if wrote else readers).add(thread)
            self.touched[element] = now, readers, writers
            near = writers and len(readers | writers) > 1
            far = element in self.written and len(blocks) > 1
            if near or far:
                self.races.add(element)


class Watched:
    """An array, or a part of one, that notes what is read and written."""

    def __init__(self, data, names, log):
        self.data, self.names, self.log = data, names, log
        self.shape, self.size, self.dtype = data.shape, data.size, data.dtype

    def __getitem__(self, place):
        part = self.data[place]
        if isinstance(part, np.ndarray):
            return Watched(part, self.names[place], self.log)
        self.log.note(int(self.names[place]), wrote=False)
        return part

    def __setitem__(self, place, value):
        self.log.note(int(self.names[place]), wrote=True)
        self.data[place] = value


class WatchedKernel:
    """A kernel of the simulator whose arrays are watched."""

    def __init__(self, kernel, log):
        self.kernel, self.log = kernel, log

    def __getitem__(self, size):
        def call(*operands):
            self.log.start()
            first, watched = 0, []
            for operand in operands:
                data = getattr(operand, "_ary", None)
                if data is not None:
                    names = np.arange(first, first + data.size).reshape(data.shape)
                    operand, first = Watched(data, names, self.log), first + data.size
                watched.append(operand)
            self.kernel[size](*watched)

        return call


def watch(module, forms):
    """Watch the kernels of a module, and return the log that races will stand in."""
    log = Log()
    mathematics = sys.modules[f"{module.__package__}._math"]
    wait = mathematics.barrier

    def barrier():
        wait()
        thread = threading.current_thread()
        with log.lock:
            log.waits[thread] = log.waits.get(thread, 0) + 1

    mathematics.barrier = barrier
    for form in forms:
        if hasattr(module, form):
            setattr(module, form, WatchedKernel(getattr(module, form), log))
    return log
