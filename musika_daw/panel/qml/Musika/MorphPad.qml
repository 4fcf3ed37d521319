// The square between four styles: the nearer the puck, the more of a corner is heard. It can drift by itself.
import QtQuick

FocusScope {
    id: pad
    readonly property var morph: controls.item("morph")
    readonly property real px: Number(morph.value) || 0
    readonly property real py: Number(morph.second) || 0
    property bool drifting: false
    property var trail: []
    property var names: []

    activeFocusOnTab: true
    Accessible.role: Accessible.Slider
    Accessible.name: qsTr("morph pad")
    Accessible.description: morph.text

    function share(i) {
        return (i % 2 ? px : 1 - px) * (i > 1 ? py : 1 - py);
    }
    function put(x, y) {
        morph.move([Math.max(0, Math.min(1, x)), Math.max(0, Math.min(1, y))]);
    }
    function corner(i) {
        return controls.item("anchor/" + "abcd"[i]);
    }
    Keys.onLeftPressed: put(px - 0.03, py)
    Keys.onRightPressed: put(px + 0.03, py)
    Keys.onUpPressed: put(px, py - 0.03)
    Keys.onDownPressed: put(px, py + 0.03)
    Keys.onMenuPressed: ControlMenu.open(pad, morph)

    onPxChanged: remember()
    onPyChanged: remember()
    function remember() {
        trail = trail.slice(-80).concat([[px, py]]);
        lines.requestPaint();
    }

    Timer {
        // A slow figure around the middle, in no simple ratio: it does not come back to the same path.
        property real t: 0
        interval: 250
        repeat: true
        running: pad.drifting
        onTriggered: {
            t += 0.25;
            pad.put(0.5 + 0.44 * Math.sin(t * 0.23), 0.5 + 0.44 * Math.sin(t * 0.37));
        }
    }
    Rectangle {
        anchors.fill: parent
        radius: Theme.radius
        color: Theme.ground
        border.width: pad.activeFocus ? 2 : 1
        border.color: pad.activeFocus ? Theme.text : Theme.line
    }
    Item {
        id: field
        anchors.fill: parent
        anchors.margins: 40

        Canvas {
            id: lines
            anchors.fill: parent
            anchors.margins: -40
            onWidthChanged: requestPaint()
            onPaint: {
                const g = getContext("2d");
                g.reset();
                g.translate(40, 40);
                const w = field.width, h = field.height, x = pad.px * w, y = pad.py * h;
                for (let i = 0; i < 4; i++) {
                    g.globalAlpha = 0.12 + 0.88 * pad.share(i);
                    g.strokeStyle = Theme.anchors[i];
                    g.lineWidth = 1 + 9 * pad.share(i);
                    g.beginPath();
                    g.moveTo(x, y);
                    g.lineTo(i % 2 ? w : 0, i > 1 ? h : 0);
                    g.stroke();
                }
                g.strokeStyle = Theme.text;
                g.lineWidth = 1.5;
                for (let i = 1; i < pad.trail.length; i++) {
                    g.globalAlpha = 0.5 * i / pad.trail.length;
                    g.beginPath();
                    g.moveTo(pad.trail[i - 1][0] * w, pad.trail[i - 1][1] * h);
                    g.lineTo(pad.trail[i][0] * w, pad.trail[i][1] * h);
                    g.stroke();
                }
            }
        }
        MouseArea {
            anchors.fill: parent
            anchors.margins: -40
            acceptedButtons: Qt.LeftButton | Qt.RightButton
            hoverEnabled: true
            onPressed: mouse => {
                pad.forceActiveFocus();
                if (mouse.button === Qt.RightButton)
                    return ControlMenu.open(pad, pad.morph);
                pad.drifting = false;
                pad.put((mouse.x - 40) / field.width, (mouse.y - 40) / field.height);
            }
            onPositionChanged: mouse => { if (mouse.buttons & Qt.LeftButton) pad.put((mouse.x - 40) / field.width, (mouse.y - 40) / field.height); }
            Tip { text: qsTr("the nearer a corner, the more of its style is heard"); shown: parent.containsMouse && !parent.pressed }
        }
        Repeater {
            model: 4
            MorphAnchor {
                required property int index
                objectName: "anchor " + index
                number: index
                item: pad.corner(index)
                share: pad.share(index)
                names: pad.names
                bounds: pad.width / 2 - 8
                x: (index % 2 ? field.width : 0) - width / 2
                y: (index > 1 ? field.height : 0) - height / 2
                onSwapped: other => {
                    const theirs = pad.corner(other).value, ours = item.value;
                    pad.corner(other).move(ours);
                    item.move(theirs);
                }
            }
        }
        Rectangle {
            width: 24
            height: 24
            radius: 12
            x: pad.px * parent.width - 12
            y: pad.py * parent.height - 12
            color: "transparent"
            border.color: Theme.text
            border.width: 3
            Rectangle { anchors.centerIn: parent; width: 8; height: 8; radius: 4; color: Theme.text }
        }
    }
}
