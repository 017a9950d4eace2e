"""What a disk may hold after a power failure, from the record of what a program did to it (record.c).

Assumed of the file system is little, as in ALICE (Pillai and others, OSDI 2014): fsync of a file makes its
bytes durable, and not its name; fsync of a folder makes its names durable, and nothing below; a rename is
done as a whole or not at all. All else may be on the disk or not. Names that changed in a folder are tried
in order (each folder's first few, as journals keep them) and, where few are pending, in any choice.
Of bytes that were not synced there may be all, none, zeros in their place, or all but the last write's
end, which is cut at a block."""
import hashlib
import itertools
import os
import posixpath

BLOCKS = (512, 4096)
FEW = 4  # pending names of which any choice is tried
MANY = 24  # choices of in-order names at one moment


class File:
    def __init__(self, durable=b""):
        self.durable, self.now, self.pending = durable, durable, []

    def change(self, kind, at, data=b""):
        self.pending.append((kind, at, data))
        self.now = changed(self.now, kind, at, data)

    def sync(self):
        self.durable, self.pending = self.now, []

    def torn(self, block, zeros):
        """All but what the last write wrote behind the last border of a block."""
        kind, at, data = self.pending[-1]
        rest = File(self.durable)
        for earlier in self.pending[:-1]:
            rest.change(*earlier)
        if kind != "W":
            return rest.now
        cut = max((at + len(data) - 1) // block * block - at, 0)
        if cut:
            rest.change("W", at, data[:cut])
        return rest.now + b"\0" * (len(self.now) - len(rest.now)) if zeros else rest.now

    def zeros(self):
        """The new size, but no new bytes."""
        return self.durable[:len(self.now)].ljust(len(self.now), b"\0")


class Folder:
    def __init__(self):
        self.durable, self.now = {}, {}


class Link:
    def __init__(self, target):
        self.target = target


def changed(text, kind, at, data):
    if kind == "T":
        return text[:at].ljust(at, b"\0")
    return text[:at].ljust(at, b"\0") + data + text[at + len(data):]


class Name:
    """A change of names: what one call did to folders' entries. It is done as a whole."""

    def __init__(self, *entries):
        self.entries = entries  # (folder, name, what is there now or None)
        self.folders = [e[0] for e in entries]


def records(path):
    """(op, inode, number, data, path, path) in the record's order."""
    with open(path, "rb") as f:
        while line := f.readline():
            head, a, b = line[:-1].decode(errors="surrogateescape").split("\t")
            op, inode, number, count = head.split(" ")
            data = f.read(int(count) + 1)[:-1] if int(count) else b""
            yield op, int(inode), int(number), data, a, b


class Disk:
    """The folder's files, as the program sees them and as far as they are durable."""

    def __init__(self, start=None):
        self.root = Folder()
        self.by_inode = {}
        self.names = []  # pending changes of names, oldest first
        self.written = None  # the file that was written last
        if start:
            self.take(start, self.root)
            self.by_inode[os.stat(start).st_ino] = self.root

    def take(self, path, folder):
        for entry in os.scandir(path):
            inode = entry.stat(follow_symlinks=False).st_ino
            if entry.is_symlink():
                thing = Link(os.readlink(entry.path))
            elif entry.is_dir():
                self.take(entry.path, thing := Folder())
            else:
                with open(entry.path, "rb") as f:
                    thing = self.by_inode.get(inode) or File(f.read())
            self.by_inode[inode] = folder.durable[entry.name] = folder.now[entry.name] = thing

    def place(self, path):
        folder = self.root
        for name in filter(None, posixpath.dirname(path).split("/")):
            folder = folder.now[name]
        return folder, posixpath.basename(path)

    def at(self, path):
        folder, name = self.place(path)
        return folder.now.get(name)

    def rename(self, *entries):
        for folder, name, thing in entries:
            if thing is None:
                folder.now.pop(name, None)
            else:
                folder.now[name] = thing
        self.names.append(Name(*entries))

    def sync(self, thing):
        if isinstance(thing, File):
            thing.sync()
            return
        last = max((i for i, n in enumerate(self.names) if thing in n.folders), default=-1)
        wanted = {thing}
        for name in reversed(self.names[:last + 1]):  # what one of them needs of another folder, too
            if wanted & set(name.folders):
                wanted |= set(name.folders)
        kept = []
        for i, name in enumerate(self.names):
            if i <= last and wanted & set(name.folders):
                apply(name, {}, durable=True)
            else:
                kept.append(name)
        self.names = kept

    def folders(self):
        return [f for f in dict.fromkeys([self.root, *self.by_inode.values()]) if isinstance(f, Folder)]

    def files(self):
        return [f for f in dict.fromkeys(self.by_inode.values()) if isinstance(f, File)]

    def do(self, op, inode, number, data, a, b):
        if op == "C" or op == "M" or op == "Y":
            thing = File() if op == "C" else Folder() if op == "M" else Link(data.decode())
            self.by_inode[inode] = thing
            self.rename((*self.place(a), thing))
        elif op in "WT":
            self.written = self.by_inode[inode]
            self.written.change(op, number, data)
        elif op == "S" and inode in self.by_inode:
            self.sync(self.by_inode[inode])
        elif op == "F":
            for file in self.files():
                file.sync()
            for name in self.names:
                apply(name, {}, durable=True)
            self.names = []
        elif op == "R":
            self.rename((*self.place(b), self.at(a)), (*self.place(a), None))
        elif op == "L":
            self.rename((*self.place(b), self.at(a)))
        elif op in "UD":
            self.rename((*self.place(a), None))
        elif op == "!":
            raise SystemExit(f"crash_states: {a} is not followed here")

    # ---- What may be on the disk ----

    def name_choices(self):
        """(kind, pending changes of names that reached the disk)"""
        names = self.names
        yield "durable", ()
        yield "done", tuple(names)
        folders = list(dict.fromkeys(f for n in names for f in n.folders))
        queues = [[n for n in names if f in n.folders] for f in folders]
        ways = itertools.product(*[range(len(q) + 1) for q in queues])
        for counts in itertools.islice(ways, MANY):
            chosen = [set(q[:c]) for q, c in zip(queues, counts)]
            there = set().union(*chosen)
            if all(n in c for n in there for q, c in zip(queues, chosen) if n in q):
                yield "in order", tuple(n for n in names if n in there)
        for i in range(len(names)):  # as a journal of the whole file system has it
            yield "in order", tuple(names[:i])
        if len(names) <= FEW:
            for size in range(1, len(names)):
                for some in itertools.combinations(names, size):
                    yield "any", some
        else:
            for name in names:
                yield "any", (name,)
                yield "any", tuple(n for n in names if n is not name)

    def data_choices(self):
        """(kind, {file: its bytes}); files that are not in it have all of theirs"""
        loose = [f for f in self.files() if f.pending]
        yield "all bytes", {}
        if not loose:
            return
        yield "no bytes", {f: f.durable for f in loose}
        yield "zeros", {f: f.zeros() for f in loose}
        if self.written in loose:
            for block in BLOCKS:
                for zeros in (False, True):
                    yield "cut", {self.written: self.written.torn(block, zeros)}
        if len(loose) > 1:
            for one in loose:
                yield "no bytes", {one: one.durable}
                yield "no bytes", {f: f.durable for f in loose if f is not one}

    def states(self):
        for names_kind, names in self.name_choices():
            root = view(self.root, names)
            for data_kind, data in self.data_choices():
                yield f"{names_kind}, {data_kind}", Tree(root, names, data)


def apply(name, entries, durable=False):
    for folder, key, thing in name.entries:
        into = folder.durable if durable else entries.setdefault(folder, dict(folder.durable))
        if thing is None:
            into.pop(key, None)
        else:
            into[key] = thing


def view(root, names):
    """The entries of the folders in which these changes were made."""
    entries = {}
    for name in names:
        apply(name, entries)
    return entries


class Tree:
    """One state, as paths."""

    def __init__(self, entries, names, data):
        self.entries, self.data = entries, data
        self.paths = {}

    def walk(self, folder, path=""):
        entries = self.entries.get(folder, folder.durable)
        for name in sorted(entries):
            thing, where = entries[name], posixpath.join(path, name)
            self.paths[where] = thing
            if isinstance(thing, Folder):
                self.walk(thing, where)
        return self

    def bytes_of(self, file):
        return self.data.get(file, file.now)

    def digest(self):
        first, h = {}, hashlib.sha256()
        for path, thing in self.paths.items():
            h.update(path.encode(errors="surrogateescape") + b"\0")
            if isinstance(thing, File):
                text = self.bytes_of(thing)
                h.update(f"{first.setdefault(thing, path)} {len(text)} ".encode() + text)
            elif isinstance(thing, Link):
                h.update(thing.target.encode())
        return h.hexdigest()

    def freeze(self):
        """The bytes of now: {path: bytes, None for a folder, or (path,) for a link}; other names of a file
        come as its first name."""
        first, tree = {}, {}
        for path, thing in self.paths.items():
            if isinstance(thing, File):
                tree[path] = self.bytes_of(thing) if first.setdefault(thing, path) == path else first[thing]
            else:
                tree[path] = None if isinstance(thing, Folder) else (thing.target,)
        return tree


def write(tree, folder):
    """Makes the state in an empty folder."""
    for path, thing in tree.items():
        where = os.path.join(folder, path)
        if thing is None:
            os.mkdir(where)
        elif isinstance(thing, tuple):
            os.symlink(thing[0], where)
        elif isinstance(thing, str):
            os.link(os.path.join(folder, thing), where)
        else:
            with open(where, "wb") as f:
                f.write(thing)


def crash_states(record, start, watch):
    """(kind, tree, what watch() said) of every state that differs from those before it, after each record on the
    disk as it was at the start.
    watch(op, a, b, data, disk) is called before it; what it returns must hold of the state, too, so it is
    part of what makes states differ. Returns what the program left."""
    seen = set()
    disk = start
    before = watch("", "", "", b"", disk)
    for op, inode, number, data, a, b in itertools.chain([("", 0, 0, b"", "", "")], records(record)):
        if op:
            disk.do(op, inode, number, data, a, b)
            before = watch(op, a, b, data, disk)
        for kind, tree in disk.states():
            tree.walk(disk.root)
            key = (tree.digest(), repr(before))
            if key not in seen:
                seen.add(key)
                yield kind, tree.freeze(), before
    return Tree({f: f.now for f in disk.folders()}, (), {}).walk(disk.root).freeze()
