// Four bubbles for the first time, each beside what it speaks of, which can be tried meanwhile; a click elsewhere goes on,
// Escape ends it.
import QtQuick

Item {
    id: tour
    property int step: 0
    property var targets: [] // what each bubble points at
    readonly property var steps: [
        [qsTr("Play"), qsTr("Click it: the music starts. Space does the same.")],
        [qsTr("Styles"), qsTr("Move the puck between four styles, or let it drift. A click on a name chooses another style.")],
        [qsTr("Stems"), qsTr("Notes run to the line and are heard there. Density is how much a stem plays; hold keeps its pattern while all else changes.")],
        [qsTr("Takes"), qsTr("The red button records. What was good is dragged from here into your DAW.")]
    ]
    property rect hole: Qt.rect(0, 0, 0, 0)
    signal done
    focus: visible
    Shortcut { sequence: "Escape"; enabled: tour.visible; onActivated: tour.done() }
    Keys.onSpacePressed: step === 0 ? transport.toggle() : next()
    Keys.onReturnPressed: next()
    function next() {
        if (step + 1 < steps.length)
            step += 1;
        else
            done();
    }
    function place() {
        const target = targets[step];
        if (target && visible) {
            const at = target.mapToItem(tour, 0, 0);
            hole = Qt.rect(at.x - 4, at.y - 4, target.width + 8, target.height + 8);
        }
    }
    onStepChanged: place()
    onVisibleChanged: { place(); if (visible) forceActiveFocus(); }
    onWidthChanged: later.restart()
    onHeightChanged: later.restart()
    onTargetsChanged: later.restart()
    Timer { id: later; interval: 50; onTriggered: tour.place() }

    Rectangle { color: "#b0000000"; width: parent.width; height: Math.max(0, tour.hole.y) }
    Rectangle { color: "#b0000000"; y: tour.hole.y + tour.hole.height; width: parent.width; height: parent.height - y }
    Rectangle { color: "#b0000000"; y: tour.hole.y; width: Math.max(0, tour.hole.x); height: tour.hole.height }
    Rectangle { color: "#b0000000"; x: tour.hole.x + tour.hole.width; y: tour.hole.y; width: Math.max(0, parent.width - x); height: tour.hole.height }
    Rectangle {
        x: tour.hole.x; y: tour.hole.y; width: tour.hole.width; height: tour.hole.height
        color: "transparent"
        radius: Theme.radius
        border.color: Theme.accent
        border.width: 2
    }
    MouseArea {
        anchors.fill: parent
        onPressed: mouse => {
            const at = tour.hole;
            mouse.accepted = mouse.x < at.x || mouse.x > at.x + at.width || mouse.y < at.y || mouse.y > at.y + at.height;
        }
        onClicked: tour.next()
    }
    Connections {
        target: transport
        function onChanged() { if (tour.visible && tour.step === 0 && (transport.plays || transport.wished)) tour.step = 1; }
    }
    Rectangle {
        readonly property bool below: tour.hole.y + tour.hole.height + height + 16 < tour.height
        readonly property bool beside: tour.hole.height > tour.height * 0.5
        x: Math.max(16, Math.min(beside ? tour.hole.x + tour.hole.width + 16 : tour.hole.x, tour.width - width - 16))
        y: beside ? tour.hole.y + 60 : below ? tour.hole.y + tour.hole.height + 12 : Math.max(16, tour.hole.y - height - 12)
        width: 340
        height: bubble.implicitHeight + 32
        radius: Theme.radius
        color: Theme.raised
        border.color: Theme.accent
        border.width: 2
        Column {
            id: bubble
            anchors { left: parent.left; right: parent.right; top: parent.top; margins: 16 }
            spacing: 6
            Text { text: tour.steps[tour.step][0]; color: Theme.accent; font.pixelSize: Theme.large; font.weight: Font.DemiBold }
            Text { text: tour.steps[tour.step][1]; color: Theme.text; font.pixelSize: Theme.normal; wrapMode: Text.Wrap; width: parent.width }
            Caption { width: parent.width; wrapMode: Text.Wrap; text: qsTr("%1 of %2 · try it; a click elsewhere goes on, Escape ends the tour").arg(tour.step + 1).arg(tour.steps.length) }
        }
    }
}
