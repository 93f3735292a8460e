"""What is worked out from a store rather than asked of it: what its shapes say, and the figures of a network."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Final

from vetgraph.errors import NotAcceptableError
from vetgraph.opening import open_store
from vetgraph.sent import File, check, check_store, written
from vetgraph.workers.documents import documents
from vetgraph.workers.messages import Job, Reply

if TYPE_CHECKING:
    from vetgraph.export.kept import Figures
    from vetgraph.remote import RemoteStore
    from vetgraph.store import EmbeddedStore

JOBS: Final = frozenset({"network", "validate"})


class Analysis:
    """Does the jobs ``network`` and ``validate``."""

    def __init__(self, folder: Path | str) -> None:
        """Begin with no network measured.

        Args:
            folder: Where files are unpacked.
        """
        self._folder = folder
        self._figures: Figures | None = None

    def answer(self, job: Job, store: EmbeddedStore | RemoteStore) -> Reply:
        """Do a job.

        Args:
            job: The job.
            store: What it is about.

        Returns:
            Its answer.

        Raises:
            VetgraphError: The network's query or what was sent is malformed.
        """
        return self._validate(job, store) if job.op == "validate" else self._network(job, store)

    def _validate(self, job: Job, store: EmbeddedStore | RemoteStore) -> Reply:
        """Check what was sent, or the store itself where nothing was."""
        media, form = acceptable(job.results, "report")
        if not job.file:
            return Reply(media=media, body=written(check_store(store), form), version=store.version)
        with tempfile.TemporaryDirectory(dir=self._folder) as folder:
            files = []
            for number, (name, kind, content) in enumerate(documents(job, job.upload)):
                path = Path(folder) / str(number)
                with path.open("wb") as file:
                    shutil.copyfileobj(content, file)
                files.append(File(name, kind, path))
            found = check(files, store)
        return Reply(media=media, body=written(found, form), version=store.version)

    def _network(self, job: Job, store: EmbeddedStore | RemoteStore) -> Reply:
        """Measure, lay out and write a network; what was made last is kept."""
        from vetgraph import networks
        from vetgraph.export.kept import Cut, Figures

        media, form = acceptable(job.results, "network")
        self._figures = self._figures or Figures()
        cut = Cut(job.reports, job.project, job.against, job.file or "")
        body = self._figures.write(store, networks.own(job.text, directed=job.directed), form, job.lang, cut)
        return Reply(media=media, body=body, size=len(body), version=store.version)


class Analyst:
    """The worker that analyses what another SPARQL service holds."""

    def __init__(self, address: str, folder: Path | str) -> None:
        """Remember where it is.

        Args:
            address: Where the service takes queries.
            folder: Where files are unpacked.
        """
        self._store = open_store(address)
        self._analysis = Analysis(folder)

    def __call__(self, job: Job) -> Reply:
        """Do a job.

        Args:
            job: One of ``JOBS``.

        Returns:
            Its answer.

        Raises:
            VetgraphError: The service fails, or what was sent is malformed.
        """
        return self._analysis.answer(job, self._store)


def acceptable(offered: tuple[str, str] | None, what: str) -> tuple[str, str]:
    """Return what the client takes, or refuse.

    Args:
        offered: Media type and format; ``None`` where nothing that there is suits it.
        what: What is being written, for the error.

    Returns:
        Media type and format.

    Raises:
        NotAcceptableError: Nothing suits.
    """
    if offered is None:
        raise NotAcceptableError(what)
    return offered
