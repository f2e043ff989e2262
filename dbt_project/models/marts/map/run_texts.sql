select texts.key, case run.language when 'en' then texts.en else texts.ja end as text
from {{ ref("texts") }} as texts
cross join {{ source("config", "run") }} as run
