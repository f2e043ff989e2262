-- The same file read again under other settings is another version, but no movement: the first half of a version is
-- the hash of the file. Nor is the first file of a list: it may be old when it reaches us.
with
    contents as (
        select partner, list, split_part(version, '-', 1) as content, min(_synced_at) as read_at
        from {{ source("raw", "partner_lists") }}
        where accepted
        group by partner, list, split_part(version, '-', 1)
    ),

    later_contents as (
        select * from contents qualify row_number() over (partition by partner, list order by read_at, content) > 1
    )

-- a run reads its files after its own moment
select partner, list, content, least({{ local_date("read_at") }}, {{ as_of_date() }}) as read_on
from later_contents
