import RecordedChanges

/// The page's template, style and script: constants, so that the program needs no file beside it.
enum HTMLTemplate {
    /// A sentence: words as they are, foreign values as code.
    static let prose =
        "{{% CONTENT_TYPE:TRAIL403-HTML}}{{#runs}}{{#runWords}}{{.}}{{/runWords}}{{#runTime}}<time datetime=\"{{runMoment}}\">{{runShown}}</time>{{/runTime}}{{#runValue}}<code>{{.}}</code>{{/runValue}}{{/runs}}"

    static let page = """
        {{% CONTENT_TYPE:TRAIL403-HTML}}<!doctype html>
        <html lang="en">
        <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <meta name="color-scheme" content="light dark">
        <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'sha256-{{{styleHash}}}'; script-src 'sha256-{{{scriptHash}}}'; base-uri 'none'; form-action 'none'">
        <meta name="referrer" content="no-referrer">
        <title>{{title}}</title>
        <style>{{{style}}}</style>
        </head>
        <body>
        <a class="skip" href="#main">To the report</a>
        <main id="main">
        <header>
        <p class="eyebrow">Refused AWS calls, by trail403</p>
        <h1>{{#headline}}{{> prose}}{{/headline}}</h1>
        <dl class="answer{{^hasGroups}} calm{{/hasGroups}}">
        {{#details}}
        <dt>{{label}}</dt><dd>{{#text}}{{> prose}}{{/text}}</dd>
        {{/details}}
        </dl>
        </header>
        {{#hasIncidents}}
        <section aria-labelledby="incidents-title">
        <h2 id="incidents-title">Incidents</h2>
        <div class="scroll"><table class="stack"><thead><tr><th scope="col" class="number">#</th><th scope="col">Incident</th><th scope="col">State</th><th scope="col">Since ({{zone}})</th><th scope="col" class="number">Calls</th><th scope="col">Who</th><th scope="col">By</th></tr></thead>
        <tbody>
        {{#incidents}}
        <tr id="i{{incidentNumber}}"><td class="number">{{incidentNumber}}</td><th scope="row"><a href="#g{{incidentCard}}">{{#incidentTitle}}{{> prose}}{{/incidentTitle}}</a>{{#hasIncidentOthers}}<br><span class="soft">Also {{#incidentOthers}}<a href="#g{{otherCard}}">{{otherOrdinal}}</a> {{/incidentOthers}}</span>{{/hasIncidentOthers}}</th><td><span class="badge {{state}}">{{mark}}</span></td><td data-label="Since"><time>{{incidentSince}}</time></td><td class="number" data-label="Calls">{{incidentDenials}}</td><td data-label="Who">{{#incidentWho}}{{> prose}}{{/incidentWho}}: {{#incidentWhat}}{{> prose}}{{/incidentWhat}}</td><td data-label="By">{{#incidentBy}}{{> prose}}{{/incidentBy}}</td></tr>
        {{/incidents}}
        </tbody></table></div>
        <p>{{hiddenText}}</p>
        </section>
        {{/hasIncidents}}
        {{#chart}}
        <section aria-labelledby="chart-title">
        <h2 id="chart-title">Refused calls over time by reason</h2>
        <figure>
        <div class="plot">
        <p class="scale" aria-hidden="true">{{maximum}}</p>
        <svg viewBox="0 0 {{width}} {{height}}" role="img" aria-label="{{chartLabel}}" preserveAspectRatio="none">
        <line x1="0" y1="0.5" x2="{{width}}" y2="0.5" class="grid"/>
        <line x1="0" y1="{{height}}" x2="{{width}}" y2="{{height}}" class="axis"/>
        {{#bars}}
        <rect class="bar s{{index}}" x="{{x}}" y="{{y}}" width="{{width}}" height="{{height}}"><title>{{label}}</title></rect>
        {{/bars}}
        </svg>
        <p class="scale ends" aria-hidden="true"><time>{{first}}</time> <time>{{last}}</time></p>
        </div>
        <figcaption>
        <ul class="legend">
        {{#series}}
        <li><span class="swatch s{{index}}"></span><code>{{name}}</code> {{title}} ({{denials}})</li>
        {{/series}}
        </ul>
        </figcaption>
        </figure>
        <details class="numbers"><summary>The same numbers as a table</summary>
        <div class="scroll"><table><thead><tr><th scope="col">{{unit}}</th>{{#series}}<th scope="col" class="number">{{name}}</th>{{/series}}</tr></thead>
        <tbody>
        {{#rows}}
        <tr><th scope="row">{{span}}</th>{{#counts}}<td class="number">{{.}}</td>{{/counts}}</tr>
        {{/rows}}
        </tbody></table></div>
        </details>
        </section>
        {{/chart}}
        {{#hasGroups}}
        <section aria-labelledby="groups-title">
        <h2 id="groups-title">Who was refused what</h2>
        {{#hasSeveral}}
        <form id="tools" class="tools" autocomplete="off" hidden>
        <label>Find <input id="find" type="search" autocomplete="off"></label>
        <label>Status <select id="status"><option value="">all</option><option>ongoing</option><option>intermittent</option><option>quiet</option><option>resolved</option><option>gone</option></select></label>
        <label>Reason <select id="reason"><option value="">all</option>{{#reasons}}<option>{{.}}</option>{{/reasons}}</select></label>
        <label>Order <select id="order"><option value="number">most telling</option><option value="denials">most denials</option><option value="last">last seen</option><option value="first">first seen</option></select></label>
        <span class="buttons"><button type="button" id="open">Open all</button> <button type="button" id="close">Close all</button></span>
        <output id="shown"></output>
        </form>
        <p id="none" class="none" hidden>No group matches. <button type="button" id="reset">Show all groups</button></p>
        {{/hasSeveral}}
        <div id="groups">
        {{{cards}}}
        </div>
        {{#hasFurther}}
        <h3 id="further">{{furtherText}}</h3>
        <div class="scroll"><table><thead><tr><th scope="col">#</th><th scope="col">Principal</th><th scope="col">Action</th><th scope="col" class="number">Denials</th><th scope="col">First seen</th><th scope="col">Status</th><th scope="col">Root cause</th><th scope="col">Group</th></tr></thead>
        <tbody>
        {{#further}}
        <tr><td>{{rowOrdinal}}</td><td>{{#rowWho}}{{> prose}}{{/rowWho}}</td><td><code>{{rowAction}}</code></td><td class="number">{{rowDenials}}</td><td>{{rowSince}}</td><td>{{rowStatus}}</td><td>{{#rowCause}}{{> prose}}{{/rowCause}}</td><td><code>{{rowID}}</code></td></tr>
        {{/further}}
        </tbody></table></div>
        <p>{{leftText}}</p>
        {{/hasFurther}}
        </section>
        {{/hasGroups}}
        <section aria-labelledby="coverage-title">
        <h2 id="coverage-title">Coverage</h2>
        <p>{{#archive}}{{> prose}}{{/archive}}</p>
        <p>Accounts: {{#accounts}}<code>{{value}}</code> {{/accounts}}{{^accounts}}none{{/accounts}}<br>Regions: {{#regions}}<code>{{value}}</code> {{/regions}}{{^regions}}none{{/regions}}</p>
        <ul>
        {{#notes}}
        <li id="{{code}}">{{#text}}{{> prose}}{{/text}}</li>
        {{/notes}}
        {{#remarks}}
        <li>{{#text}}{{> prose}}{{/text}}</li>
        {{/remarks}}
        </ul>
        </section>
        <section aria-labelledby="steps-title">
        <h2 id="steps-title">What was found, by topic of the troubleshooting guide</h2>
        <div class="scroll"><table><thead><tr><th scope="col">Topic</th><th scope="col">Found in</th><th scope="col">Not in CloudTrail</th></tr></thead>
        <tbody>
        {{#steps}}
        <tr><th scope="row">{{number}}. {{title}}</th><td>{{#stepGroups}}<a href="#g{{stepCard}}">{{stepOrdinal}}</a> {{/stepGroups}}{{stepFurther}}{{^hasStepGroups}}nothing{{/hasStepGroups}}</td><td>{{elsewhere}}</td></tr>
        {{/steps}}
        </tbody></table></div>
        </section>
        {{#origin}}
        <footer>{{> prose}}</footer>
        {{/origin}}
        </main>
        <script>{{{script}}}</script>
        </body>
        </html>

        """

    static let group = """
        {{% CONTENT_TYPE:TRAIL403-HTML}}<article class="card" id="g{{number}}" data-number="{{number}}" data-status="{{status}}" data-reason="{{reason}}" data-denials="{{denials}}" data-first="{{firstSeen}}" data-last="{{lastSeen}}" aria-labelledby="h{{number}}">
        <h3 id="h{{number}}"><span class="ordinal">{{ordinal}}.</span> {{#heading}}{{> prose}}{{/heading}}</h3>
        <p class="badges"><span class="badge {{status}}">{{status}}</span> <span class="badge">{{denialsText}}</span> <span class="badge"><code>{{reason}}</code></span> <span class="id">{{id}}</span></p>
        <p><strong>{{#cause}}{{> prose}}{{/cause}}</strong>{{#hasEvidence}} <a href="#e{{number}}">{{evidenceText}}</a>{{/hasEvidence}}</p>
        {{#line}}
        <figure class="line">
        <svg viewBox="0 0 {{lineWidth}} {{lineHeight}}" role="img" aria-label="{{lineLabel}}">
        <line x1="10" y1="22" x2="590" y2="22" class="axis"/>
        {{#lineBars}}<rect class="denied" x="{{barX}}" y="{{barY}}" width="{{barWidth}}" height="{{barHeight}}"/>{{/lineBars}}
        {{#lineMarks}}<path class="mark {{markKind}}" d="{{markPath}}"><title>{{markWords}}</title></path>{{/lineMarks}}
        </svg>
        <figcaption class="scale ends" aria-hidden="true"><time>{{lineFrom}}</time> <time>{{lineTo}}</time></figcaption>
        <ul class="legend key" aria-hidden="true"><li class="denied">refused</li>{{#lineMarks}}<li class="{{markKind}}">{{markWords}}</li>{{/lineMarks}}</ul>
        </figure>
        {{/line}}
        <details class="body"{{#isOpen}} open{{/isOpen}}><summary>Details and fix</summary>
        <dl>
        {{#rows}}
        <dt>{{label}}</dt><dd>{{#text}}{{> prose}}{{/text}}</dd>
        {{/rows}}
        </dl>
        <h4>Why</h4>
        <p>{{#cause}}{{> prose}}{{/cause}}. {{#explanation}}{{> prose}}{{/explanation}}</p>
        {{#hasDiffs}}
        <h4>What changed</h4>
        {{#diffs}}
        <p class="label">{{#diffTitle}}{{> prose}}{{/diffTitle}}</p>
        <pre class="diff" tabindex="0" role="region" aria-label="{{diffName}}, before and after"><code>{{#diffLines}}{{#lineSame}}  {{.}}{{/lineSame}}{{#lineRemoved}}<del>- {{.}}</del>{{/lineRemoved}}{{#lineAdded}}<ins>+ {{.}}</ins>{{/lineAdded}}&#10;{{/diffLines}}</code></pre>
        {{/diffs}}
        {{/hasDiffs}}
        <h4>Fix</h4>
        <p>{{#fix}}{{> prose}}{{/fix}}</p>
        {{#hasCommands}}
        <pre class="copy" tabindex="0" role="region" aria-label="Commands for group {{number}}"><code>{{#commands}}{{.}}&#10;{{/commands}}</code></pre>
        {{/hasCommands}}
        {{#policy}}
        <p class="label">The least that must be allowed, as a policy:</p>
        <pre class="copy" tabindex="0" role="region" aria-label="Policy for group {{number}}"><code>{{{text}}}</code></pre>
        {{/policy}}
        {{#edits}}
        <p class="label">{{title}}</p>
        <pre class="copy" tabindex="0" role="region" aria-label="{{title}}"><code>{{#lines}}{{.}}&#10;{{/lines}}</code></pre>
        {{/edits}}
        {{#hasOthers}}
        <details><summary>{{othersText}}</summary>
        <ul>
        {{#others}}
        <li><strong>{{#cause}}{{> prose}}{{/cause}}</strong> ({{topic}}). {{#explanation}}{{> prose}}{{/explanation}}</li>
        {{/others}}
        </ul>
        </details>
        {{/hasOthers}}
        {{#hasEvidence}}
        <details id="e{{number}}"><summary>Evidence: {{evidenceText}}</summary>
        <div class="scroll"><table><thead><tr><th scope="col">Time</th><th scope="col">Event</th><th scope="col">Who</th><th scope="col">What</th><th scope="col">eventID</th><th scope="col">Also in</th></tr></thead>
        <tbody>
        {{#evidence}}
        <tr><td>{{time}}</td><td><code>{{name}}</code></td><td><code>{{principal}}</code></td><td>{{#summary}}{{> prose}}{{/summary}}</td><td><code>{{id}}</code></td><td>{{#alsoIn}}<a href="#g{{alsoCard}}">{{alsoOrdinal}}</a> {{/alsoIn}}</td></tr>
        {{/evidence}}
        </tbody></table></div>
        </details>
        {{/hasEvidence}}
        </details>
        </article>

        """

    static let style = """
        :root{--bg:#fbfbfa;--card:#fff;--ink:#1b1d21;--soft:#5b616b;--line:#dcdfe4;--code:#f1f2f4;--bad:#b3261e;--warn:#8a5a00;--good:#1e6b3a;--link:#1f5fbf;
        --s0:#9a2d0a;--s1:#1f4fd0;--s2:#c58000;--s3:#2f9e63;--s4:#6a1b7a;--s5:#565b63}
        @media screen and (prefers-color-scheme:dark){:root{--bg:#14161a;--card:#1c1f25;--ink:#e7e9ed;--soft:#a0a7b3;--line:#333842;--code:#272b33;--bad:#ff8a80;--warn:#f0b952;--good:#7fd1a0;--link:#8ab4f8;
        --s0:#ff9466;--s1:#4f78b0;--s2:#f7ee60;--s3:#c2f7cc;--s4:#c361f4;--s5:#a7abb1}}
        *{box-sizing:border-box}
        body{margin:0;background:var(--bg);color:var(--ink);font:16px/1.55 system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue",Arial,sans-serif}
        main{max-width:1080px;margin:0 auto;padding:2rem 1.25rem 4rem}
        h1{font-size:1.55rem;line-height:1.3;margin:.2rem 0 1rem}
        h2{font-size:1.2rem;margin:2.5rem 0 .8rem}
        h3{font-size:1.05rem;line-height:1.4;margin:0 0 .5rem;overflow-wrap:anywhere}
        h4{font-size:.8rem;letter-spacing:.04em;text-transform:uppercase;color:var(--soft);margin:1.1rem 0 .2rem}
        p{margin:.3rem 0 .6rem;overflow-wrap:anywhere}
        a{color:var(--link)}
        footer{color:var(--soft);font-size:.85rem;margin-top:2.5rem}
        .eyebrow{color:var(--soft);font-size:.85rem;margin:0}
        code{font:.88em/1.4 ui-monospace,SFMono-Regular,Menlo,Consolas,monospace;background:var(--code);border-radius:4px;padding:.08em .3em;overflow-wrap:anywhere}
        pre{background:var(--code);border-radius:8px;padding:.8rem 1rem;overflow-x:auto;position:relative;margin:.5rem 0}
        pre code{background:none;padding:0;overflow-wrap:normal}
        dl{display:grid;grid-template-columns:6.5rem 1fr;gap:.25rem .9rem;margin:.4rem 0}
        dt{color:var(--soft)}
        dd{margin:0;overflow-wrap:anywhere;min-width:0}
        .answer{background:var(--card);border:1px solid var(--line);border-left:4px solid var(--s0);border-radius:8px;padding:1rem 1.2rem}
        .answer:empty{display:none}
        .calm{border-left-color:var(--good)}
        time{white-space:nowrap}
        .skip{position:absolute;left:-999px}
        .skip:focus{left:1rem;top:.5rem;background:var(--card);padding:.3rem .6rem;z-index:1}
        .label{font-size:.85rem;color:var(--soft);margin:.6rem 0 0}
        .body>summary{margin-bottom:.4rem}
        .card:target{border-color:var(--link)}
        .card{background:var(--card);border:1px solid var(--line);border-radius:10px;padding:1.1rem 1.25rem;margin:0 0 1.1rem;content-visibility:auto;contain-intrinsic-size:auto 12rem}
        .card[hidden]{display:none}
        .badges{display:flex;flex-wrap:wrap;gap:.4rem;align-items:center}
        .badge{border:1px solid var(--line);border-radius:999px;padding:.05rem .65rem;font-size:.82rem}
        .badge code{background:none;padding:0}
        .ongoing,.active{color:var(--bad);border-color:currentColor;font-weight:600}
        .intermittent{color:var(--warn);border-color:currentColor;font-weight:600}
        .quiet,.gone{border-color:currentColor}
        .resolved{color:var(--good);border-color:currentColor;font-weight:600}
        .id,.ordinal{color:var(--soft);font-size:.82rem}
        .tools{display:flex;flex-wrap:wrap;gap:.6rem 1rem;align-items:end;margin:0 0 1rem}
        .tools[hidden]{display:none}
        .tools label{font-size:.85rem;color:var(--soft);max-width:100%}
        .tools select{max-width:100%}
        button{font:inherit;font-size:.85rem;min-height:1.75rem;color:var(--ink);background:var(--card);border:1px solid var(--line);border-radius:6px;padding:.2rem .7rem;cursor:pointer}
        .tools input,.tools select{display:block;font:inherit;color:var(--ink);background:var(--card);border:1px solid var(--line);border-radius:6px;padding:.3rem .5rem}
        output{font-size:.85rem;color:var(--soft)}
        figure{margin:0}
        svg{width:100%;height:200px;display:block}
        .scale{font-size:.8rem;color:var(--soft);margin:0;font-variant-numeric:tabular-nums}
        .ends{display:flex;justify-content:space-between;gap:1rem}
        .axis{stroke:var(--soft);stroke-width:2;vector-effect:non-scaling-stroke}
        .grid{stroke:var(--line);stroke-dasharray:3 4;vector-effect:non-scaling-stroke}
        .bar:hover{opacity:.75}
        .s0{fill:var(--s0);background:var(--s0)}.s1{fill:var(--s1);background:var(--s1)}.s2{fill:var(--s2);background:var(--s2)}
        .s3{fill:var(--s3);background:var(--s3)}.s4{fill:var(--s4);background:var(--s4)}.s5{fill:var(--s5);background:var(--s5)}
        .legend{list-style:none;display:flex;flex-wrap:wrap;gap:.2rem 1.2rem;padding:0;margin:.6rem 0;font-size:.85rem;color:var(--soft)}
        .swatch{display:inline-block;width:.8em;height:.8em;border-radius:2px;margin-right:.4em;print-color-adjust:exact;-webkit-print-color-adjust:exact}
        details{margin:.6rem 0}
        summary{cursor:pointer;color:var(--link);padding:.15rem 0}
        td a{display:inline-block;min-width:1.75rem;padding:.1rem .3rem;text-align:center}
        .scroll{overflow-x:auto}
        table{border-collapse:collapse;width:100%;font-size:.88rem}
        th,td{text-align:left;vertical-align:top;padding:.35rem .6rem;border-bottom:1px solid var(--line);overflow-wrap:break-word}thead th,td:first-child{white-space:nowrap}td:has(code){min-width:11rem}
        th{font-weight:600}
        td:first-child,th:first-child{white-space:nowrap}
        thead .number{overflow-wrap:normal}
        .number{text-align:right;font-variant-numeric:tabular-nums}
        .copybox{margin:.5rem 0}.copybox pre{margin:0}.copybox button{display:block;margin:0 0 .3rem auto;font-size:.8rem}
        del,ins{text-decoration:none}del{color:var(--bad)}ins{color:var(--good)}
        .soft{color:var(--soft);font-size:.85rem;font-weight:400}
        .line svg{height:auto;max-width:600px}.line .ends{max-width:600px}.line{margin:.3rem 0 .6rem}
        .denied{fill:var(--s0)}.success{fill:var(--s3)}.change{fill:var(--s1)}.fix{fill:var(--s3)}.mark{stroke:var(--card);stroke-width:1}
        .key{margin:.1rem 0 0;gap:.1rem 1rem}.key li::before{display:inline-block;width:1.2em;text-align:center}.key .denied::before{content:"▮";color:var(--s0)}.key .success::before{content:"●";color:var(--s3)}.key .change::before{content:"◆";color:var(--s1)}.key .fix::before{content:"▲";color:var(--s3)}
        .stack th[scope=row]{white-space:normal;min-width:12rem;overflow-wrap:anywhere}
        :focus-visible{outline:2px solid var(--link);outline-offset:2px}
        @media(max-width:600px){main{padding:1.2rem .9rem 3rem}dl{grid-template-columns:1fr;gap:0}dd{margin:0 0 .45rem}h1{font-size:1.05rem;margin:.1rem 0 .6rem}.eyebrow{display:none}.answer{padding:.6rem .8rem}h2{margin:1.6rem 0 .6rem}tbody th{min-width:8rem}
        .stack thead{position:absolute;left:-999px}.stack tbody,.stack tr,.stack td,.stack th{display:block;border:0;padding:.1rem 0;text-align:left}.stack tr{border-bottom:1px solid var(--line);padding:.5rem 0}.stack td[data-label]::before{content:attr(data-label)": ";color:var(--soft)}.stack td:empty{display:none}.stack td.number:first-child{display:inline;color:var(--soft)}}
        @media print{html{font-size:11px}body{background:#fff;color:#000;font-size:11px}main{max-width:none;padding:0}.answer,figure,tr,pre{break-inside:avoid}h2,h3,h4,.badges{break-after:avoid}.card,.answer{border-color:#999}
        .tools,.none,.copybox button,.skip,.numbers,.body>summary{display:none}.card{content-visibility:visible}pre code{white-space:pre-wrap;overflow-wrap:anywhere}a{color:inherit}details::details-content{content-visibility:visible!important;display:block}}
        """

    /// Finds, filters and sorts the cards, copies commands, and opens what a link or a printer needs. The page reads as well without.
    static let script = """
        (()=>{
        const $=id=>document.getElementById(id),box=$('groups'),tools=$('tools');
        document.querySelectorAll('pre.copy').forEach(p=>{
          const b=document.createElement('button'),c=p.querySelector('code');let timer;
          b.type='button';b.textContent='Copy';b.setAttribute('aria-live','polite');
          const say=t=>{b.textContent=t;clearTimeout(timer);timer=setTimeout(()=>{b.textContent='Copy'},2500)};
          const mark=()=>{getSelection().selectAllChildren(c);say(document.execCommand('copy')?'Copied':'Press Ctrl+C')};
          b.addEventListener('click',()=>navigator.clipboard?navigator.clipboard.writeText(c.textContent).then(()=>say('Copied'),mark):mark());
          // Above the text, so that it covers none of it.
          const box=document.createElement('div');box.className='copybox';p.replaceWith(box);box.append(b,p)});
        let closed=[];
        addEventListener('beforeprint',()=>{closed=[...document.querySelectorAll('details:not([open])')];closed.forEach(d=>{d.open=true})});
        addEventListener('afterprint',()=>{closed.forEach(d=>{d.open=false});closed=[]});
        let reset=()=>{};
        const reveal=()=>{
          const card=/^#g[0-9]+$/.test(location.hash)&&document.querySelector(location.hash);if(!card)return;
          if(card.hidden)reset();
          card.querySelector('.body').open=true;
          // Cards get their true heights as they come into view, so that the first jump may miss.
          let n=4;const go=()=>{card.scrollIntoView();if(--n)requestAnimationFrame(go)};go()};
        addEventListener('hashchange',reveal);
        // A link to where the page is already changes nothing, but its card may have been filtered out since.
        document.addEventListener('click',e=>{const a=e.target.closest('a[href^="#g"]');if(a&&a.hash===location.hash)reveal()});
        if(!box||!tools){reveal();return}
        const find=$('find'),status=$('status'),reason=$('reason'),order=$('order'),cards=[...box.children];
        const num=(c,a)=>Number(c.dataset[a]),text=(a,b)=>a<b?-1:a>b?1:0;
        const orders={number:()=>0,denials:(a,b)=>num(b,'denials')-num(a,'denials'),
          last:(a,b)=>text(b.dataset.last,a.dataset.last),first:(a,b)=>text(a.dataset.first,b.dataset.first)};
        let texts,sorted='number',timer;
        const apply=()=>{
          clearTimeout(timer);
          const words=find.value.toLowerCase().split(/\\s+/).filter(Boolean);let n=0;
          if(words.length&&!texts)texts=new Map(cards.map(c=>[c,c.textContent.toLowerCase()]));
          for(const c of cards){
            const ok=(!status.value||c.dataset.status===status.value)&&(!reason.value||c.dataset.reason===reason.value)&&words.every(w=>texts.get(c).includes(w));
            if(c.hidden===ok)c.hidden=!ok;
            if(ok)n++}
          if(order.value!==sorted){
            sorted=order.value;cards.sort((a,b)=>orders[sorted](a,b)||num(a,'number')-num(b,'number'));box.append(...cards)}
          $('shown').textContent=n+' of '+cards.length+' groups';$('none').hidden=n>0};
        reset=()=>{find.value=status.value=reason.value='';apply()};
        $('reset').addEventListener('click',()=>{reset();find.focus()});
        const all=o=>()=>cards.forEach(c=>{if(!c.hidden)c.querySelector('.body').open=o});
        $('open').addEventListener('click',all(true));$('close').addEventListener('click',all(false));
        find.addEventListener('input',()=>{clearTimeout(timer);timer=setTimeout(apply,150)});
        find.addEventListener('change',apply);
        for(const e of [status,reason,order])for(const kind of ['input','change'])e.addEventListener(kind,apply);
        tools.addEventListener('submit',e=>{e.preventDefault();apply()});
        tools.hidden=false;apply();reveal()
        })();
        """
}
