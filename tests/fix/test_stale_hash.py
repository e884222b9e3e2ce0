"""Whether a fixed variant fetches another tag of its source by the hash of the old one."""

import pytest

from nixlint_ort.fix.apply import FixedFile
from nixlint_ort.fix.stale_hash import keeps_old_hash
from tests.support.linting import OLDER, convention, original, path_of

OWN = path_of("onnxruntime-python312-cuda12_4-sm75-avx2")
SOURCE = original(OWN, "ort-1.22").decode()
VERSION, HASH = '  ortVersion = "1.22.2";\n', '    hash = "sha256-AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=";\n'
OTHER = VERSION.replace("1.22.2", "1.23.2")
TAG = 'tag = "v${ortVersion}"'

# The file before and after its fixes, and whether its hash is that of another tag.
CASES = {
    "another version, of which the tag is made": (SOURCE, SOURCE.replace(VERSION, OTHER), True),
    "another tag": (SOURCE, SOURCE.replace(TAG, 'tag = "v1.23.2"'), True),
    "sha256": (
        SOURCE.replace("hash =", "sha256 ="),
        SOURCE.replace("hash =", "sha256 =").replace(VERSION, OTHER),
        True,
    ),
    "another header": (SOURCE, SOURCE.replace("# ONNX Runtime 1.22.2", "# ONNX Runtime"), False),
    "another name alone": (SOURCE, SOURCE, False),
    "no hash": (SOURCE.replace(HASH, ""), SOURCE.replace(HASH, "").replace(VERSION, OTHER), False),
    "an empty hash, to be filled in": (
        SOURCE.replace(HASH, '    hash = "";\n'),
        SOURCE.replace(HASH, '    hash = "";\n').replace(VERSION, OTHER),
        False,
    ),
    "a tag that nothing could tell": (
        SOURCE.replace(TAG, "tag = builtins.readFile ./tag"),
        SOURCE.replace(TAG, 'tag = "v1.23.2"'),
        False,
    ),
    "nixpkgs' own source": (original(OLDER).decode(), original(OLDER).decode().replace("1.23.2", "1.23.3"), False),
}


@pytest.mark.parametrize("case", CASES)
def test_a_hash_of_another_tag(case: str) -> None:
    before, after, is_stale = CASES[case]
    file = FixedFile(OWN, OWN.replace("sm75", "sm80"), before.encode(), after.encode())
    assert keeps_old_hash(convention(), file) is is_stale
